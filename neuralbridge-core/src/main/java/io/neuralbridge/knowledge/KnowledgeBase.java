package io.neuralbridge.knowledge;

import io.neuralbridge.embedding.EmbeddingModel;
import io.neuralbridge.embedding.EmbeddingPipeline;
import io.neuralbridge.text.ChunkSize;
import io.neuralbridge.text.Chunker;
import io.neuralbridge.text.CleanText;
import io.neuralbridge.text.TextFile;
import io.neuralbridge.text.UnreadableDocumentException;
import io.neuralbridge.vector.VectorFilter;
import io.neuralbridge.vector.VectorStore;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Documents in, chunks out. {@link #ingest} cuts and stores a document and costs no call of the
 * model; the {@link EmbedJob} embeds its chunks in the background; {@link #search} finds those that
 * are embedded.
 *
 * <p>Safe for use by many threads at once.
 */
public final class KnowledgeBase {

  /** The metadata key under which each vector carries the name of its document. */
  public static final String DOCUMENT = "document";

  /** The metadata key of a document's tenant, to whose account its tokens go. */
  public static final String TENANT = "tenant";

  private static final int MAX_NAME = 500;
  private static final int NAMES_AT_ONCE = 1_000;

  private final KnowledgeStore store;
  private final GenerationModels models;
  private final VectorStore vectors;
  private final ChunkSize chunkSize;
  private final Set<String> incidental;
  private final KnowledgeSearch search;

  /** A knowledge base that cuts documents by {@link ChunkSize#DEFAULT}. */
  public KnowledgeBase(KnowledgeStore store, EmbeddingModel model, VectorStore vectors) {
    this(store, model, vectors, ChunkSize.DEFAULT);
  }

  public KnowledgeBase(
      KnowledgeStore store, EmbeddingModel model, VectorStore vectors, ChunkSize chunkSize) {
    this(store, new GenerationModels(model), vectors, chunkSize, Set.of());
  }

  private KnowledgeBase(
      KnowledgeStore store,
      GenerationModels models,
      VectorStore vectors,
      ChunkSize chunkSize,
      Set<String> incidental) {
    this.store = store;
    this.models = models;
    this.vectors = vectors;
    this.chunkSize = chunkSize;
    this.incidental = incidental;
    this.search = new KnowledgeSearch(store, models, vectors);
  }

  /**
   * Adds the model of an older generation, for searches and new documents until everything is
   * embedded by the model that this knowledge base was made with; see {@link
   * EmbedJob#enqueueReprocessAll}.
   *
   * @return a changed copy
   * @throws IllegalArgumentException if there is a model of this id already
   */
  public KnowledgeBase withModel(EmbeddingModel older) {
    return new KnowledgeBase(store, models.with(older), vectors, chunkSize, incidental);
  }

  /**
   * Lets a pipeline embed for one of the models: with its cache, its batches across jobs and its
   * pace. Without one, requests of a job go to the model one after another. The pipeline stays the
   * caller's to close, after the bridge.
   *
   * @return a changed copy
   * @throws IllegalArgumentException if it is in front of a model that is not here
   */
  public KnowledgeBase withPipeline(EmbeddingPipeline pipeline) {
    return new KnowledgeBase(store, models.with(pipeline), vectors, chunkSize, incidental);
  }

  /**
   * Metadata that say nothing of the content, such as the time of a crawl: a document in which only
   * these changed is unchanged. They are stored with a chunk as they were when it was new.
   *
   * @return a changed copy, with these keys alone
   */
  public KnowledgeBase withIncidentalMetadata(String... keys) {
    return new KnowledgeBase(store, models, vectors, chunkSize, Set.of(keys));
  }

  /** Ingests a text without metadata; see {@link #ingest(Source, String, Map)}. */
  public Ingestion ingest(String content, String documentName) {
    return ingest(content, documentName, Map.of());
  }

  /** Ingests a text that is in memory; see {@link #ingest(Source, String, Map)}. */
  public Ingestion ingest(String content, String documentName, Map<String, String> metadata) {
    return ingest(() -> new StringReader(content), documentName, metadata);
  }

  /**
   * Ingests a text file of any size; see {@link #ingest(Source, String, Map)}.
   *
   * @throws UnreadableDocumentException if it is not there, or not text
   */
  public Ingestion ingest(Path file, String documentName) {
    return ingest(() -> TextFile.open(file), documentName, Map.of());
  }

  /**
   * Ingests a document, or a new version of one. Chunks that it had before keep their vectors and
   * cost nothing; new ones wait for the {@link EmbedJob}; those that it no longer has stay
   * searchable until the new ones are embedded. Ingesting the same again changes nothing. Memory is
   * bounded whatever the document's size.
   *
   * @param source opened twice: to see whether the document changed, and to cut it
   * @param documentName 1 to 500 characters; its ending decides how it is cut, see {@link
   *     Chunker#forName}
   * @param metadata what searches may filter by; all chunks of a document whose metadata change are
   *     new
   * @throws DocumentException if it has no text ({@code empty_document}), or if another thread or
   *     node began to ingest the same document meanwhile ({@code superseded}); what was there
   *     before is kept
   * @throws UncheckedIOException if the source cannot be read; what was there before is kept
   */
  public Ingestion ingest(Source source, String documentName, Map<String, String> metadata) {
    requireName(documentName);
    requireMetadata(metadata);
    try {
      String fingerprint = fingerprint(source, metadata);
      Optional<Document> known = store.document(documentName);
      if (known.isPresent() && known.get().fingerprint().equals(fingerprint)) {
        int chunks = known.get().chunks();
        return new Ingestion(documentName, chunks, 0, chunks, 0);
      }
      return ingestChanged(source, documentName, metadata);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "document '%s' cannot be read: %s".formatted(documentName, e.getMessage()), e);
    }
  }

  private Ingestion ingestChanged(Source source, String name, Map<String, String> metadata)
      throws IOException {
    Chunker chunker = Chunker.forName(name, chunkSize);
    IngestRun run = new IngestRun(store, name, metadata, declared(metadata));
    try (FingerprintReader text = new FingerprintReader(source.open(), seed(declared(metadata)))) {
      chunker.split(text, run::add);
      return run.complete(text.fingerprint());
    }
  }

  private String fingerprint(Source source, Map<String, String> metadata) throws IOException {
    try (FingerprintReader text = new FingerprintReader(source.open(), seed(declared(metadata)))) {
      text.readToEnd();
      return text.fingerprint();
    }
  }

  private Map<String, String> declared(Map<String, String> metadata) {
    Map<String, String> declared = new TreeMap<>(metadata);
    declared.keySet().removeAll(incidental);
    return declared;
  }

  // Lengths, for no two sets of metadata may read alike.
  private String seed(Map<String, String> metadata) {
    StringBuilder seed = new StringBuilder(chunkSize.toString());
    new TreeMap<>(metadata)
        .forEach(
            (key, value) ->
                seed.append(key.length())
                    .append(' ')
                    .append(value.length())
                    .append(' ')
                    .append(key)
                    .append(value));
    return seed.toString();
  }

  /**
   * Removes a document, its chunks and their vectors. If the process dies meanwhile, what is left
   * is a document without chunks, to be removed again.
   *
   * @return {@code false} if there is none of that name
   */
  public boolean remove(String documentName) {
    OptionalLong run = store.discard(documentName);
    run.ifPresent(
        discarded -> {
          new VanishedChunks(this).remove(documentName, discarded);
          store.removeDocument(documentName, discarded);
        });
    return run.isPresent();
  }

  /** The nearest chunks of all documents; see {@link #search(String, int, VectorFilter)}. */
  public List<SearchHit> search(String query, int k) {
    return search(query, k, VectorFilter.all());
  }

  /**
   * The chunks nearest to a query, nearest first.
   *
   * <p>One whole generation is searched: the active one, by its own model.
   *
   * @param query not blank
   * @param k how many at most, at least 1
   * @param filter which chunks count, by their document's metadata and {@link #DOCUMENT}
   * @throws GenerationException with the code {@code embedding_model_missing} if the active
   *     generation's model is not here; it says what to do
   */
  public List<SearchHit> search(String query, int k, VectorFilter filter) {
    return search.search(query, k, filter);
  }

  /** A document as it was last ingested. */
  public Optional<Document> document(String name) {
    return store.document(name);
  }

  /** The names of all documents, sorted. */
  public List<String> documentNames() {
    List<String> names = new ArrayList<>();
    List<Document> page = store.documents("", NAMES_AT_ONCE);
    while (!page.isEmpty()) {
      page.forEach(document -> names.add(document.name()));
      page = store.documents(names.get(names.size() - 1), NAMES_AT_ONCE);
    }
    return names;
  }

  /**
   * Whether the embed job has anything to do for a document: chunks to embed, or vanished ones to
   * remove.
   */
  public boolean hasPending(String documentName) {
    return live().anyMatch(generation -> isPending(generation, documentName))
        || !store.vanished(documentName, 1).isEmpty();
  }

  private LongStream live() {
    List<Generation> live = store.generations().all().stream().filter(Generation::isLive).toList();
    return live.isEmpty()
        ? LongStream.of(Generation.NONE)
        : live.stream().mapToLong(Generation::id);
  }

  private boolean isPending(long generation, String documentName) {
    return !store.ledger().pending(generation, documentName, -1, 1).isEmpty();
  }

  /** How much there is and how far it is in the active generation. */
  public KnowledgeStats stats() {
    return store
        .ledger()
        .stats(store.generations().active().map(Generation::id).orElse(Generation.NONE));
  }

  /** The generations of vectors that are not deleted, oldest first. */
  public List<Generation> generations() {
    return store.generations().all();
  }

  /** The generation that is searched; empty until something was embedded. */
  public Optional<Generation> activeGeneration() {
    return store.generations().active();
  }

  /**
   * What is known of a document's chunks in the active generation, by position; nothing before
   * something was embedded.
   *
   * @param after the last entry that was read; null for the first page
   * @param limit how many at most, at least 1
   */
  public List<LedgerEntry> ledger(String documentName, @Nullable LedgerEntry after, int limit) {
    return activeGeneration()
        .map(active -> ledger(active, documentName, after, limit))
        .orElse(List.of());
  }

  /** The same in any generation. */
  public List<LedgerEntry> ledger(
      Generation generation, String documentName, @Nullable LedgerEntry after, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("a page needs at least 1 entry: " + limit);
    }
    return store.ledger().entries(generation, documentName, after, limit);
  }

  KnowledgeStore store() {
    return store;
  }

  GenerationModels models() {
    return models;
  }

  VectorStore vectors() {
    return vectors;
  }

  KnowledgeSearch searches() {
    return search;
  }

  private static void requireName(String name) {
    if (name.isBlank() || name.length() > MAX_NAME) {
      throw new IllegalArgumentException(
          "a document's name must be 1 to %d characters and not blank: '%s'"
              .formatted(MAX_NAME, name));
    }
    CleanText clean = CleanText.of(name);
    if (clean.replaced() > 0) {
      throw new IllegalArgumentException(
          "a document's name holds a character that cannot be stored, where U+FFFD stands here: '%s'"
              .formatted(clean.text()));
    }
  }

  private static void requireMetadata(Map<String, String> metadata) {
    metadata.forEach(
        (key, value) -> {
          if (key == null || value == null) {
            throw new IllegalArgumentException(
                "metadata must not hold null: '%s' is '%s'".formatted(key, value));
          }
        });
    if (metadata.containsKey(DOCUMENT)) {
      throw new IllegalArgumentException(
          "the metadata key '%s' is taken by the document's name: use another".formatted(DOCUMENT));
    }
    if (metadata.size() > 20) {
      throw new IllegalArgumentException(
          "%d metadata keys were given; at most 20 are allowed".formatted(metadata.size()));
    }
  }

  /** A text that can be read more than once. */
  @FunctionalInterface
  public interface Source {

    /** Opens the text at its beginning; the caller closes it. */
    Reader open() throws IOException;
  }
}
