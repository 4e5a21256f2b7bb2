package io.neuralbridge.embedding;

import java.time.Duration;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Whether a provider is called at all: closed, calls go through; open, none does; after a while one
 * call probes. For one thread at a time.
 */
final class Circuit {

  private enum State {
    CLOSED,
    OPEN,
    PROBING
  }

  private final BreakerSettings settings;
  private final Duration personInterval;
  private final BitSet failures = new BitSet();
  private State state = State.CLOSED;
  private int inARow;
  private long calls;
  private @Nullable EmbeddingException why;
  private long until;

  /**
   * @param personInterval how long what needs a person is left alone between two probes
   */
  Circuit(BreakerSettings settings, Duration personInterval) {
    this.settings = settings;
    this.personInterval = personInterval;
  }

  /** Why no call goes through now; null if one may. */
  @Nullable ProviderPausedException refusal(long now) {
    if (state != State.OPEN || why == null || now - until >= 0) {
      return null;
    }
    return new ProviderPausedException(why, Duration.ofNanos(until - now));
  }

  boolean isProbing() {
    return state == State.PROBING;
  }

  /** A call begins. Says whether it is a probe. */
  boolean begin() {
    if (state == State.OPEN) {
      state = State.PROBING;
      return true;
    }
    return false;
  }

  /** A probe was begun and not sent. */
  void abandonProbe() {
    state = State.OPEN;
  }

  /** The provider answered, with vectors or a refusal. Says whether it did not before. */
  boolean answered(boolean probe) {
    if (state == State.CLOSED) {
      note(false);
      return false;
    }
    return probe && close();
  }

  /** Says whether it was not closed before. */
  boolean close() {
    boolean wasOpen = state != State.CLOSED;
    state = State.CLOSED;
    why = null;
    inARow = 0;
    calls = 0;
    failures.clear();
    return wasOpen;
  }

  /** The provider failed. Says for how long it is left alone from now on; null if it is not. */
  @Nullable Duration failed(EmbeddingException cause, boolean probe, long now) {
    if (state == State.CLOSED) {
      note(true);
      return isTooMuch() ? open(cause, settings.openFor(), now) : null;
    }
    if (probe) {
      reopen(cause, settings.openFor(), now);
    }
    return null;
  }

  /** The provider said what a person must see to. As {@link #failed}. */
  @Nullable Duration needsAPerson(EmbeddingException cause, boolean probe, long now) {
    Duration asked = cause.retryAfter();
    Duration pause = asked != null && asked.compareTo(personInterval) > 0 ? asked : personInterval;
    if (state == State.CLOSED) {
      return open(cause, pause, now);
    }
    if (probe) {
      reopen(cause, pause, now);
    }
    return null;
  }

  private Duration open(EmbeddingException cause, Duration pause, long now) {
    reopen(cause, pause, now);
    return pause;
  }

  private void reopen(EmbeddingException cause, Duration pause, long now) {
    state = State.OPEN;
    why = cause;
    until = now + pause.toNanos();
  }

  private void note(boolean failure) {
    inARow = failure ? inARow + 1 : 0;
    failures.set((int) (calls % settings.window()), failure);
    calls++;
  }

  private boolean isTooMuch() {
    return inARow >= settings.failuresInARow()
        || (calls >= settings.window()
            && failures.cardinality() >= settings.failureRate() * settings.window());
  }
}
