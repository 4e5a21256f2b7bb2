package io.neuralbridge.knowledge;

/**
 * How much there is and how far it is.
 *
 * @param documents documents whose ingestion is complete
 * @param chunks their chunks
 * @param embedded those with a vector of the model asked for
 * @param failed those without, whose last attempt failed
 */
public record KnowledgeStats(long documents, long chunks, long embedded, long failed) {

  /** Chunks that wait for their vector, failed ones included. */
  public long pending() {
    return chunks - embedded;
  }
}
