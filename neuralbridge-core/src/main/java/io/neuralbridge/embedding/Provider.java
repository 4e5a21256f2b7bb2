package io.neuralbridge.embedding;

import io.neuralbridge.embedding.EmbeddingException.Reason;
import io.neuralbridge.embedding.RateBuckets.Take;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A model and how it is treated: whether, how fast and how often at once. For one thread. */
final class Provider {

  private static final Duration FIRST_BACKOFF = Duration.ofMillis(200);
  private static final int MOST_DOUBLINGS = 7;

  private final EmbeddingModel model;
  private final boolean fallback;
  private final Circuit circuit;
  private final Concurrency concurrency;
  private final Pace pace;
  private final PipelineTime time;
  private final Duration patience;
  private final Consumer<ProviderEvent> events;
  private long closedUntil;
  private long turn;
  private Reason closedFor = Reason.RATE_LIMITED;
  private int throttledInARow;

  Provider(
      EmbeddingModel model,
      boolean fallback,
      Pace pace,
      PipelineSettings settings,
      PipelineTime time,
      Consumer<ProviderEvent> events) {
    this.model = model;
    this.fallback = fallback;
    this.circuit = new Circuit(settings.breaker(), settings.probeInterval());
    this.concurrency = new Concurrency(settings.firstConcurrency(), settings.maxConcurrency());
    this.pace = pace;
    this.time = time;
    this.patience = settings.patience();
    this.events = events;
    this.closedUntil = time.nanos();
    this.turn = closedUntil;
  }

  EmbeddingModel model() {
    return model;
  }

  int concurrency() {
    return concurrency.limit();
  }

  int running() {
    return concurrency.running();
  }

  /** Why it takes no calls for longer than texts should wait; null if it may. */
  @Nullable EmbeddingException refusal() {
    EmbeddingException paused = circuit.refusal(time.nanos());
    return paused != null ? paused : tooLong(closed());
  }

  /** Whether a call that was let in before may be sent. */
  boolean isOpen() {
    return refusal() == null && closed().isZero();
  }

  Admission admit(InputType type, long tokens) {
    EmbeddingException refusal = refusal();
    if (refusal != null) {
      return new Admission.Refused(refusal);
    }
    Duration untilTurn = Duration.ofNanos(turn - time.nanos());
    Duration closed = closed();
    Duration wait = closed.compareTo(untilTurn) > 0 ? closed : untilTurn;
    if (wait.compareTo(Duration.ZERO) > 0) {
      return new Admission.Later(wait);
    }
    if (isBusy(type)) {
      return new Admission.Busy();
    }
    Take take = pace.reserve(tokens, patience);
    if (!take.taken()) {
      closedFor = Reason.RATE_LIMITED;
      closedUntil = time.nanos() + take.delay().toNanos();
      EmbeddingException why = tooLong(take.delay());
      return why == null ? new Admission.Later(take.delay()) : new Admission.Refused(why);
    }
    // The next one waits for this one's turn, or all of them would be owed together.
    turn = time.nanos() + take.delay().toNanos();
    concurrency.begin();
    return new Admission.Go(take.delay(), circuit.begin());
  }

  /** Whether another call must end first. */
  boolean isBusy(InputType type) {
    return circuit.isProbing() || !concurrency.hasPlaceFor(type);
  }

  private Duration closed() {
    return Duration.ofNanos(Math.max(0, closedUntil - time.nanos()));
  }

  private @Nullable EmbeddingException tooLong(Duration wait) {
    return wait.compareTo(patience) > 0 ? limited(closedFor, wait) : null;
  }

  static EmbeddingException limited(Reason reason, Duration wait) {
    RateLimitHeaders.Bucket nothing = RateLimitHeaders.Bucket.NONE;
    return new EmbeddingException(
        reason,
        "the provider takes no calls for the next %s ms: %s"
            .formatted(wait.toMillis(), reason == Reason.OVERLOADED ? "overloaded" : "rate limit"),
        new RateLimitHeaders(nothing, nothing, wait));
  }

  /** A call that was let in is not sent; its place is free. */
  void abandon(Admission.Go go, long tokens) {
    concurrency.abandon();
    pace.charge(-1, (double) -tokens);
    if (go.probe()) {
      circuit.abandonProbe();
    }
  }

  /** A call has ended. */
  void ended(EmbeddedTexts result, List<RateLimitHeaders> told, boolean probe, long tokens) {
    EmbeddingException stop = result.stop();
    concurrency.end(stop != null && isThrottling(stop.reason()));
    int more = Math.max(0, result.calls() - 1);
    long moreTokens = result.inputTokens() == 0 ? 0 : result.inputTokens() - tokens;
    pace.charge(more, (double) moreTokens);
    if (!told.isEmpty()) {
      pace.told(told.get(told.size() - 1));
    }
    if (stop == null) {
      throttledInARow = 0;
      answered(probe);
    } else {
      judge(stop, probe);
    }
  }

  private void judge(EmbeddingException stop, boolean probe) {
    long now = time.nanos();
    Duration pause = null;
    switch (stop.reason()) {
      case RATE_LIMITED, OVERLOADED -> {
        answered(probe);
        throttled(stop);
      }
      case SERVER_ERROR, TIMEOUT, UNREACHABLE -> pause = circuit.failed(stop, probe, now);
      case INTERRUPTED -> {
        if (probe) {
          circuit.abandonProbe();
        }
      }
      default -> pause = circuit.needsAPerson(stop, probe, now);
    }
    if (pause != null) {
      String message = String.valueOf(stop.getMessage());
      events.accept(
          new ProviderEvent.Paused(
              model.modelId(), fallback, stop.reason(), message, time.now().plus(pause)));
    }
  }

  private void answered(boolean probe) {
    if (circuit.answered(probe)) {
      events.accept(new ProviderEvent.Resumed(model.modelId(), fallback));
    }
  }

  // Without a word of the provider's: only when a whole round of calls was refused, or one refusal
  // in twenty would stand in the way of all the rest.
  private void throttled(EmbeddingException stop) {
    throttledInARow++;
    Duration asked = stop.retryAfter();
    if (asked == null && throttledInARow <= concurrency.limit()) {
      return;
    }
    Duration wait = asked == null ? backoff(throttledInARow - concurrency.limit()) : asked;
    boolean wasOpen = closed().isZero();
    closedFor = stop.reason();
    closedUntil = time.nanos() + Math.max(closed().toNanos(), wait.toNanos());
    if (!wait.isZero()) {
      pace.close(wait);
    }
    if (wasOpen) {
      events.accept(
          new ProviderEvent.Throttled(
              model.modelId(), fallback, stop.reason(), wait, concurrency.limit()));
    }
  }

  /** 0.2 s, doubled with each try up to 25.6 s. */
  static Duration backoff(int tries) {
    return FIRST_BACKOFF.multipliedBy(1L << Math.min(MOST_DOUBLINGS, Math.max(0, tries - 1)));
  }

  static boolean isThrottling(Reason reason) {
    return reason == Reason.RATE_LIMITED || reason == Reason.OVERLOADED || reason == Reason.TIMEOUT;
  }

  /** Somebody says that it answers again. */
  void resume() {
    closedUntil = time.nanos();
    if (circuit.close()) {
      events.accept(new ProviderEvent.Resumed(model.modelId(), fallback));
    }
  }

  ProviderEvent.FellBack fellBack(EmbeddingException because) {
    return new ProviderEvent.FellBack(
        model.modelId(), fallback, because.reason(), String.valueOf(because.getMessage()));
  }

  void close() {
    pace.giveBack();
  }
}
