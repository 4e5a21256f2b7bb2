package io.neuralbridge.knowledge;

import java.util.Set;

/**
 * A query that somebody once asked.
 *
 * @param documents the names of the documents that answer it; empty if nobody knows
 */
public record VerificationQuery(String text, Set<String> documents) {

  public VerificationQuery {
    documents = Set.copyOf(documents);
    if (text.isBlank()) {
      throw new IllegalArgumentException("a verification query is blank: leave it out");
    }
  }

  /** A query of which nobody knows the right answer. */
  public static VerificationQuery of(String text) {
    return new VerificationQuery(text, Set.of());
  }
}
