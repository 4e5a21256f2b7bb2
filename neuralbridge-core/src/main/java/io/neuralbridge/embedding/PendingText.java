package io.neuralbridge.embedding;

import io.neuralbridge.embedding.EmbeddedText.Embedded;
import io.neuralbridge.embedding.EmbeddedText.Untried;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A text on its way to a vector, and all who wait for it. For one thread at a time. */
final class PendingText {

  /** A place in a submission that wants the vector. */
  private record Waiter(Submission submission, int position) {}

  private final EmbeddingKey key;
  private final WeighedText text;
  private final boolean alone;
  private final Submission owner;
  private final long since;
  private final List<Waiter> waiters = new ArrayList<>();
  private int tries;

  PendingText(EmbeddingKey key, WeighedText text, boolean alone, Submission owner, long since) {
    this.key = key;
    this.text = text;
    this.alone = alone;
    this.owner = owner;
    this.since = since;
  }

  EmbeddingKey key() {
    return key;
  }

  WeighedText text() {
    return text;
  }

  /** Whether it goes into a request of its own. */
  boolean alone() {
    return alone;
  }

  /** Who asked first, and pays for it. */
  Submission owner() {
    return owner;
  }

  InputType type() {
    return owner.type();
  }

  long since() {
    return since;
  }

  /** Counts one more try that the provider failed. */
  int failedAgain() {
    tries++;
    return tries;
  }

  boolean isWanted() {
    return !waiters.isEmpty();
  }

  void addWaiter(Submission submission, int position) {
    waiters.add(new Waiter(submission, position));
  }

  void removeWaiter(Submission submission) {
    waiters.removeIf(waiter -> waiter.submission() == submission);
  }

  /** Hands the result to all who wait: each gets a vector of its own. */
  Set<Submission> settle(EmbeddedText result) {
    Set<Submission> settled = new LinkedHashSet<>();
    boolean first = true;
    for (Waiter waiter : waiters) {
      boolean copy = !first && result instanceof Embedded;
      waiter.submission().settle(waiter.position(), copy ? copy(result) : result);
      settled.add(waiter.submission());
      first = false;
    }
    waiters.clear();
    return settled;
  }

  private static EmbeddedText copy(EmbeddedText result) {
    return result instanceof Embedded embedded ? new Embedded(embedded.vector().clone()) : result;
  }

  /** Tells all who wait that it is not tried. */
  Set<Submission> stop(EmbeddingException why) {
    waiters.forEach(waiter -> waiter.submission().stop(why));
    return settle(new Untried());
  }
}
