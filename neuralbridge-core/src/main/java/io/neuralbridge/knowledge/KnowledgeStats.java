package io.neuralbridge.knowledge;

/**
 * How much there is and how far it is.
 *
 * @param documents documents whose ingestion is complete
 * @param chunks their chunks
 * @param embedded those with a vector in the generation asked for
 * @param failed those without, whose last attempt failed
 * @param tokens what the provider counted for those that are embedded
 */
public record KnowledgeStats(long documents, long chunks, long embedded, long failed, long tokens) {

  /** Chunks that wait for their vector, failed ones included. */
  public long pending() {
    return chunks - embedded;
  }
}
