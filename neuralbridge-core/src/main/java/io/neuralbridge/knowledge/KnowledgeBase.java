package io.neuralbridge.knowledge;

import io.neuralbridge.embedding.EmbeddingModel;
import io.neuralbridge.embedding.InputType;
import io.neuralbridge.text.ChunkSize;
import io.neuralbridge.text.Chunker;
import io.neuralbridge.text.CleanText;
import io.neuralbridge.text.TextFile;
import io.neuralbridge.text.UnreadableDocumentException;
import io.neuralbridge.vector.VectorFilter;
import io.neuralbridge.vector.VectorMatch;
import io.neuralbridge.vector.VectorQuery;
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
import java.util.TreeMap;

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

  private static final int MAX_NAME = 500;
  private static final int NAMES_AT_ONCE = 1_000;

  private final KnowledgeStore store;
  private final EmbeddingModel model;
  private final VectorStore vectors;
  private final ChunkSize chunkSize;

  /** A knowledge base that cuts documents by {@link ChunkSize#DEFAULT}. */
  public KnowledgeBase(KnowledgeStore store, EmbeddingModel model, VectorStore vectors) {
    this(store, model, vectors, ChunkSize.DEFAULT);
  }

  public KnowledgeBase(
      KnowledgeStore store, EmbeddingModel model, VectorStore vectors, ChunkSize chunkSize) {
    this.store = store;
    this.model = model;
    this.vectors = vectors;
    this.chunkSize = chunkSize;
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
    IngestRun run = new IngestRun(store, name, metadata);
    try (FingerprintReader text = new FingerprintReader(source.open(), seed(metadata))) {
      chunker.split(text, run::add);
      return run.complete(text.fingerprint());
    }
  }

  private String fingerprint(Source source, Map<String, String> metadata) throws IOException {
    try (FingerprintReader text = new FingerprintReader(source.open(), seed(metadata))) {
      text.readToEnd();
      return text.fingerprint();
    }
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
   * @param query not blank
   * @param k how many at most, at least 1
   * @param filter which chunks count, by their document's metadata and {@link #DOCUMENT}
   */
  public List<SearchHit> search(String query, int k, VectorFilter filter) {
    if (query.isBlank()) {
      throw new IllegalArgumentException("the query is blank: ask for something");
    }
    float[] vector = model.embed(List.of(query), InputType.QUERY).vectors().get(0);
    int wanted = k;
    while (true) {
      List<VectorMatch> matches =
          vectors.search(collection(), new VectorQuery(vector, wanted, filter));
      List<SearchHit> hits = hits(matches, k);
      if (hits.size() == k || matches.size() < wanted) {
        return hits;
      }
      wanted *= 2;
    }
  }

  // A vector whose chunk is gone is about to be deleted, or its node died before it could.
  private List<SearchHit> hits(List<VectorMatch> matches, int k) {
    Map<String, Chunk> chunks = store.chunks(matches.stream().map(VectorMatch::id).toList());
    List<SearchHit> hits = new ArrayList<>();
    for (VectorMatch match : matches) {
      Chunk chunk = chunks.get(match.id());
      if (chunk != null && hits.size() < k) {
        hits.add(new SearchHit(chunk, match.score()));
      }
    }
    return hits;
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
    return !store.pending(documentName, model.modelId(), -1, 1).isEmpty()
        || !store.vanished(documentName, 1).isEmpty();
  }

  /** How much there is and how far it is. */
  public KnowledgeStats stats() {
    return store.stats(model.modelId());
  }

  KnowledgeStore store() {
    return store;
  }

  EmbeddingModel model() {
    return model;
  }

  VectorStore vectors() {
    return vectors;
  }

  /** Vectors of different models cannot be compared, so each model has a collection of its own. */
  String collection() {
    return model.modelId();
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
