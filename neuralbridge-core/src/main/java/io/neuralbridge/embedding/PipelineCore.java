package io.neuralbridge.embedding;

import io.neuralbridge.embedding.EmbeddedText.Embedded;
import io.neuralbridge.embedding.EmbeddedText.Untried;
import io.neuralbridge.embedding.EmbeddingException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What a pipeline knows: which texts are on their way, and for whom. Everything but {@link #post}
 * happens in its mailbox, one thing after another.
 */
final class PipelineCore implements Dispatcher.Sink {

  /** A text that a caller wants, and which of its places. */
  record Wish(int position, EmbeddingKey key, RequestPacker.Fit fit) {}

  private final Mailbox mailbox;
  private final Executor executor;
  private final PipelineTime time;
  private final Tiers tiers;
  private final Lookups lookups;
  private final Dispatcher dispatcher;
  private final List<Provider> providers;
  private final Oversize oversize;
  private final int retries;
  private final Duration patience;
  private final Tally tally;
  private final Map<EmbeddingKey, PendingText> underWay = new HashMap<>();
  private final CompletableFuture<Void> idle = new CompletableFuture<>();
  private @Nullable Long wakeAt;
  private int calls;
  private boolean closing;

  PipelineCore(EmbeddingPipeline.Parts parts, List<Provider> providers) {
    this.executor = parts.executor();
    this.time = parts.time();
    this.tiers = parts.tiers();
    this.tally = parts.tally();
    this.oversize = parts.oversize();
    this.retries = parts.settings().retries();
    this.patience = parts.settings().patience();
    this.providers = providers;
    this.mailbox = new Mailbox(executor, this::look);
    this.lookups =
        new Lookups(tiers, executor, (texts, found) -> post(() -> lookedUp(texts, found)));
    this.dispatcher =
        new Dispatcher(
            providers, parts.limits(), parts.settings().maxWait(), time, parts.events(), this);
  }

  /** Has something done in turn; from any thread. */
  void post(Runnable message) {
    mailbox.post(message);
  }

  void accept(Submission submission, List<Wish> wishes) {
    for (Wish wish : wishes) {
      accept(submission, wish);
    }
    if (closing) {
      submission.abandon(closed());
    }
    submission.completeIfSettled();
  }

  private void accept(Submission submission, Wish wish) {
    if (submission.done().isDone() || closing) {
      return;
    }
    PendingText known = underWay.get(wish.key());
    if (known != null) {
      known.addWaiter(submission, wish.position());
      tally.shared.increment();
      return;
    }
    // It may have come since the caller looked.
    CachedEmbedding cached = tiers.first().getQuietly(wish.key());
    if (cached != null) {
      submission.settle(wish.position(), new Embedded(cached.vector()));
      tally.shared.increment();
      return;
    }
    begin(submission, wish);
  }

  private void begin(Submission submission, Wish wish) {
    boolean alone = wish.fit() instanceof RequestPacker.Fit.Alone;
    WeighedText weighed =
        wish.fit() instanceof RequestPacker.Fit.Shared shared
            ? shared.text()
            : ((RequestPacker.Fit.Alone) wish.fit()).text();
    PendingText text = new PendingText(wish.key(), weighed, alone, submission, time.nanos());
    text.addWaiter(submission, wish.position());
    underWay.put(wish.key(), text);
    if (tiers.usesSecond(submission.type())) {
      lookups.add(text);
    } else {
      dispatcher.add(text);
    }
  }

  private void lookedUp(List<PendingText> texts, Map<EmbeddingKey, CachedEmbedding> found) {
    lookups.ended();
    Set<Submission> settled = new LinkedHashSet<>();
    for (PendingText text : texts) {
      CachedEmbedding cached = found.get(text.key());
      if (cached != null) {
        settled.addAll(settle(text, new Embedded(cached.vector())));
      } else if (closing) {
        stop(List.of(text), closed());
      } else {
        dispatcher.add(text);
      }
    }
    settled.forEach(Submission::completeIfSettled);
  }

  @Override
  public void send(Call call) {
    calls++;
    if (call.go().delay().isZero()) {
      run(call);
    } else {
      time.after(call.go().delay(), () -> post(() -> sendNow(call)));
    }
  }

  private void sendNow(Call call) {
    boolean wanted = call.texts().stream().anyMatch(PendingText::isWanted);
    if (closing || !wanted || !call.provider().isOpen()) {
      calls--;
      call.provider().abandon(call.go(), call.tokens());
      again(call.type(), call.texts());
    } else {
      run(call);
    }
  }

  private void run(Call call) {
    executor.execute(
        () -> {
          EmbeddedTexts result = call.run(oversize);
          post(() -> ended(call, result));
          // Stored before it is handed out: whoever dies with it finds it again.
          tiers.put(call.type(), call.cacheable(result));
          post(() -> deliver(call, result));
        });
  }

  private void ended(Call call, EmbeddedTexts result) {
    tally.calls.add(result.calls());
    tally.inputTokens.add(result.inputTokens());
    boolean probe = call.go().probe();
    call.provider().ended(result, call.told(), probe, call.tokens());
  }

  private void deliver(Call call, EmbeddedTexts result) {
    calls--;
    Set<Submission> touched = new LinkedHashSet<>();
    Set<Submission> owners = new LinkedHashSet<>();
    List<PendingText> untried = new ArrayList<>();
    Map<EmbeddingKey, CachedEmbedding> cost = call.cacheable(result);
    for (int i = 0; i < call.texts().size(); i++) {
      PendingText text = call.texts().get(i);
      owners.add(text.owner());
      EmbeddedText own = result.texts().get(i);
      if (own instanceof Untried) {
        untried.add(text);
        continue;
      }
      if (own instanceof Embedded) {
        tally.embedded.increment();
        CachedEmbedding entry = cost.get(text.key());
        text.owner().addTokens(entry == null ? 0 : entry.tokens());
      }
      touched.addAll(settle(text, own));
    }
    owners.forEach(owner -> owner.addCalls(result.calls()));
    touched.forEach(Submission::completeIfSettled);
    EmbeddingException stop = result.stop();
    if (stop != null && !untried.isEmpty()) {
      retry(call.type(), untried, stop);
    }
  }

  private void retry(InputType type, List<PendingText> texts, EmbeddingException stop) {
    Reason reason = stop.reason();
    boolean throttled = reason == Reason.RATE_LIMITED || reason == Reason.OVERLOADED;
    Duration asked = throttled ? stop.retryAfter() : null;
    if (closing || reason == Reason.INTERRUPTED) {
      stop(texts, stop);
    } else if (asked != null || reason.needsAPerson() || reason.mayBeTheTexts()) {
      // The provider is closed now: the next look waits for it, asks the fallback or stops all.
      again(type, texts);
    } else {
      retryLater(type, texts, stop, throttled);
    }
  }

  private void retryLater(
      InputType type, List<PendingText> texts, EmbeddingException stop, boolean throttled) {
    int tries = texts.stream().mapToInt(PendingText::failedAgain).max().orElse(1);
    Duration backoff = Provider.backoff(tries);
    if (throttled && backoff.compareTo(patience) > 0) {
      stop(texts, Provider.limited(stop.reason(), backoff));
    } else if (!throttled && tries > retries) {
      stop(texts, stop);
    } else {
      calls++;
      time.after(
          backoff,
          () ->
              post(
                  () -> {
                    calls--;
                    again(type, texts);
                  }));
    }
  }

  private void again(InputType type, List<PendingText> texts) {
    if (closing) {
      stop(texts, closed());
    } else {
      dispatcher.addAgain(type, texts);
    }
  }

  @Override
  public void stop(List<PendingText> texts, EmbeddingException why) {
    Set<Submission> stopped = new LinkedHashSet<>();
    for (PendingText text : texts) {
      underWay.remove(text.key(), text);
      stopped.addAll(text.stop(why));
    }
    stopped.forEach(Submission::completeIfSettled);
  }

  private Set<Submission> settle(PendingText text, EmbeddedText result) {
    underWay.remove(text.key(), text);
    return text.settle(result);
  }

  /** A caller waits no more. What nobody else waits for is not sent. */
  void withdraw(Submission submission, EmbeddingException why) {
    if (submission.done().isDone()) {
      return;
    }
    for (PendingText text : List.copyOf(underWay.values())) {
      text.removeWaiter(submission);
      if (!text.isWanted()) {
        underWay.remove(text.key(), text);
      }
    }
    submission.abandon(why);
  }

  void resume() {
    providers.forEach(Provider::resume);
  }

  @Override
  public void wakeAfter(Duration wait) {
    long at = time.nanos() + wait.toNanos();
    if (wakeAt == null || at - wakeAt < 0 || time.nanos() - wakeAt >= 0) {
      wakeAt = at;
      time.after(wait, () -> post(() -> {}));
    }
  }

  private void look() {
    lookups.start();
    dispatcher.look();
    tally.waiting = dispatcher.waiting();
    tally.running = providers.stream().mapToInt(Provider::running).sum();
    tally.concurrency = providers.get(0).concurrency();
    if (closing && calls == 0 && lookups.isIdle()) {
      providers.forEach(Provider::close);
      idle.complete(null);
    }
  }

  /** Gives up what waits; what is sent comes to its end, and then the future completes. */
  CompletableFuture<Void> close() {
    post(
        () -> {
          closing = true;
          dispatcher.stopAll(closed());
        });
    return idle;
  }

  static EmbeddingException closed() {
    return new EmbeddingException(Reason.INTERRUPTED, "the embedding pipeline is closed");
  }
}
