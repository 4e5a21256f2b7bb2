package io.neuralbridge.embedding;

/**
 * How many calls run at once. It grows by one with each round of calls of which none was throttled,
 * and shrinks by half the share of those that were: all of them halve it, one in twenty that would
 * have been refused anyway takes a fortieth. At first it doubles each round. Queries have one more
 * place than documents. For one thread at a time.
 */
final class Concurrency {

  private final int most;
  private double limit;
  private int running;
  private boolean doubling = true;
  private boolean wasFull;
  private int round;
  private int ended;
  private int throttled;

  Concurrency(int first, int most) {
    this.most = most;
    this.limit = Math.min(first, most);
    this.round = (int) limit;
  }

  int limit() {
    return (int) limit;
  }

  int running() {
    return running;
  }

  boolean hasPlaceFor(InputType type) {
    return running < (int) limit + (type == InputType.QUERY ? 1 : 0);
  }

  void begin() {
    running++;
    wasFull |= running >= (int) limit;
  }

  /** A call was begun and not sent. */
  void abandon() {
    running--;
  }

  void end(boolean wasThrottled) {
    running--;
    ended++;
    if (wasThrottled) {
      throttled++;
      doubling = false;
    } else if (doubling && wasFull) {
      limit = Math.min(most, limit + 1);
    }
    if (ended >= round) {
      endRound();
    }
  }

  private void endRound() {
    if (throttled > 0) {
      limit = Math.max(1, limit * (1 - 0.5 * throttled / ended));
    } else if (wasFull && !doubling) {
      limit = Math.min(most, limit + 1);
    }
    round = (int) limit;
    ended = 0;
    throttled = 0;
    wasFull = running >= (int) limit;
  }
}
