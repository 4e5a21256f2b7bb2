package io.neuralbridge.knowledge;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where documents and chunks are kept. This is an SPI.
 *
 * <p>A document comes in by a <em>run</em>: {@link #beginRun}, {@link #saveChunks} as often as it
 * takes, {@link #completeRun}. Until the last of them nothing of the document that was there before
 * is given up, and only the latest run of a document can go on. Losing such a race is {@code
 * false}, never an exception. Instants are the store's own. Implementations are safe for use by
 * many threads and nodes at once.
 */
public interface KnowledgeStore {

  /** No job: what {@link #lock} takes for a lock that nobody is to lose. */
  long NOBODY = -1;

  /**
   * Starts an ingestion of a document, new or known; earlier ones that are not complete are void.
   */
  long beginRun(String document);

  /**
   * Stores chunks of a run, all or none. A chunk whose id is known keeps its vectors and gets the
   * new position.
   *
   * @return how many of them are new, or -1 if a later run of the document has begun
   */
  int saveChunks(String document, long run, List<Chunk> chunks);

  /**
   * Makes a run the document's content. Chunks of earlier runs have {@linkplain #vanished vanished}
   * from now on.
   *
   * @return {@code false} if a later run of the document has begun
   */
  boolean completeRun(String document, long run, String fingerprint, int chunks);

  /** A document whose ingestion is complete. */
  Optional<Document> document(String name);

  /** Complete documents by name, those after {@code after}; start with the empty string. */
  List<Document> documents(String after, int limit);

  /**
   * Takes a document's content away, to remove it: all its chunks have vanished, and ingestions
   * under way are void.
   *
   * @return the run that did so; empty if there is no such document
   */
  OptionalLong discard(String document);

  /**
   * Forgets a document whose chunks are all removed.
   *
   * @param run what {@link #discard} returned; a document that was ingested anew since stays
   */
  void removeDocument(String name, long run);

  /** A chunk by its id. */
  default Optional<Chunk> chunk(String id) {
    return Optional.ofNullable(chunks(List.of(id)).get(id));
  }

  /** Those of the chunks that exist, by id. */
  Map<String, Chunk> chunks(Collection<String> ids);

  /** Notes that all chunks of a run are embedded; nothing if it is not the content any more. */
  void markDocumentEmbedded(String document, long run);

  /** Ids of chunks that the document's content no longer has. */
  List<String> vanished(String document, int limit);

  /**
   * Takes from vanished chunks what the ledger knows of them, in all generations, before their
   * vectors are deleted: a chunk that the next content has again is pending then.
   *
   * @param run the document's content; nothing is given up if it is not the content any more
   * @return the ids of those that were given up
   */
  List<String> giveUpVanished(String document, long run, int limit);

  /** Forgets those of the chunks that have vanished. */
  void removeVanished(String document, Collection<String> chunkIds);

  /**
   * Takes the right to embed a document for a job: if nobody has it, if the job has it already, or
   * if {@code insteadOf} has it.
   *
   * @return the job that has it now
   */
  long lock(String document, long job, long insteadOf);

  /** Gives the right back; nothing if the job does not have it. */
  void unlock(String document, long job);

  /** What is known of the chunks' vectors. */
  EmbeddingLedger ledger();

  /** The generations of vectors. */
  GenerationStore generations();
}
