package io.neuralbridge.knowledge;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of each chunk's vector in each generation. This is an SPI.
 *
 * <p>The order is: {@link #begin}, embed, store the vectors, {@link #markEmbedded}. A chunk is
 * pending in a generation until it is marked embedded there, so a crash anywhere between repeats
 * and never forgets. Chunks that vanished from their document are not pending, and are not counted.
 *
 * <p>Verbs that take chunks take at most some thousands, each once.
 */
public interface EmbeddingLedger {

  /**
   * The document's pending chunks, by position.
   *
   * @param generation one that need not exist; then all chunks are pending
   * @param after the last position that is done with, -1 for none
   */
  List<Chunk> pending(long generation, String document, int after, int limit);

  /**
   * Documents with pending chunks by name, those after {@code after}.
   *
   * @param to the last name that counts; null for all
   */
  List<String> pendingDocuments(long generation, String after, @Nullable String to, int limit);

  /** Those of the chunks that are embedded. */
  Set<String> embedded(long generation, Collection<String> chunkIds);

  /**
   * Notes that embedding these chunks begins, each for one attempt more; nothing for those that are
   * gone.
   *
   * @return {@code false} if the generation takes no chunks any more, so that nothing is begun
   */
  boolean begin(long generation, Collection<String> chunkIds);

  /**
   * Notes that vectors are stored, for chunks that were begun.
   *
   * @param tokens by chunk
   * @return those noted; the others are gone or have vanished, or the generation is gone: nobody
   *     needs their vectors
   */
  Set<String> markEmbedded(long generation, Map<String, Integer> tokens);

  /** Notes why chunks that were begun are not embedded; nothing for those that are gone. */
  void markFailed(long generation, Map<String, String> errors);

  /** Forgets what is known of chunks, so that they are pending if they are there. */
  void forget(long generation, Collection<String> chunkIds);

  /**
   * Forgets some of what is known in a retired generation, by chunk id.
   *
   * @param after the last chunk that is done with; start with the empty string
   * @return the last chunk that was forgotten; empty if there was none, or it is not retired
   */
  Optional<String> forgetSome(long generation, String after, int limit);

  /**
   * A document's entries by position.
   *
   * @param after the last entry that was read; null for none
   */
  List<LedgerEntry> entries(
      Generation generation, String document, @Nullable LedgerEntry after, int limit);

  /** Counts over all complete documents; of a generation that does not exist, nothing embedded. */
  KnowledgeStats stats(long generation);

  /** How many chunks {@code than} has embedded and {@code generation} has not. */
  long lacking(long generation, long than);

  /** How many chunks were embedded in the last {@code period}. */
  long embeddedWithin(long generation, Duration period);

  /** How many vectors there should be. */
  Marks marks(long generation);

  /**
   * Vectors by the ledger, those of vanished chunks included.
   *
   * @param embedded noted as stored
   * @param begun perhaps stored
   */
  record Marks(long embedded, long begun) {}
}
