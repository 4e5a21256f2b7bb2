package io.neuralbridge.embedding;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is sent next, to whom, and when to look again: queries before documents, the
 * fallback only where the first provider takes nothing. For one thread at a time.
 */
final class Dispatcher {

  /** What comes of a look. */
  interface Sink {
    void send(Call call);

    void stop(List<PendingText> texts, EmbeddingException why);

    /** Look again then. */
    void wakeAfter(Duration wait);
  }

  private final List<Provider> providers;
  private final Map<InputType, Lane> lanes = new EnumMap<>(InputType.class);
  private final int maxInputs;
  private final PipelineTime time;
  private final Sink sink;
  private final Consumer<ProviderEvent> events;
  private boolean fellBack;

  Dispatcher(
      List<Provider> providers,
      EmbeddingLimits limits,
      Duration maxWait,
      PipelineTime time,
      Consumer<ProviderEvent> events,
      Sink sink) {
    this.providers = providers;
    this.maxInputs = limits.maxInputs();
    this.time = time;
    this.events = events;
    this.sink = sink;
    lanes.put(InputType.QUERY, new Lane(limits, maxWait.toNanos()));
    lanes.put(InputType.DOCUMENT, new Lane(limits, maxWait.toNanos()));
  }

  void add(PendingText text) {
    lane(text.type()).add(text);
  }

  void addAgain(InputType type, List<PendingText> texts) {
    List<PendingText> wanted = texts.stream().filter(PendingText::isWanted).toList();
    if (!wanted.isEmpty()) {
      lane(type).addAgain(wanted);
    }
  }

  private Lane lane(InputType type) {
    Lane lane = lanes.get(type);
    if (lane == null) {
      throw new IllegalStateException("there is no lane for " + type);
    }
    return lane;
  }

  int waiting() {
    return lanes.values().stream().mapToInt(Lane::size).sum();
  }

  /** Sends what can be sent. */
  void look() {
    EmbeddingException refusal = refusal();
    if (refusal != null) {
      stopAll(refusal);
      return;
    }
    // Queries first: the lanes' order is not that of their map.
    if (sendAll(InputType.QUERY)) {
      sendAll(InputType.DOCUMENT);
    }
  }

  /** Why nobody takes calls, as the first provider has it; null if somebody may. */
  private @Nullable EmbeddingException refusal() {
    EmbeddingException first = null;
    for (Provider provider : providers) {
      EmbeddingException refusal = provider.refusal();
      if (refusal == null) {
        return null;
      }
      first = first == null ? refusal : first;
    }
    return first;
  }

  // Whether another lane may go on.
  private boolean sendAll(InputType type) {
    Lane lane = lane(type);
    while (lane.size() > 0) {
      long wait = lane.untilReady(time.nanos());
      if (wait > 0) {
        sink.wakeAfter(Duration.ofNanos(wait));
        return true;
      }
      if (isBusy(type)) {
        return false;
      }
      List<PendingText> texts = lane.take();
      if (!texts.isEmpty() && !send(type, texts)) {
        return false;
      }
    }
    return true;
  }

  // Asked before texts are taken, so that those that come meanwhile get their turn.
  private boolean isBusy(InputType type) {
    for (Provider provider : providers) {
      if (provider.refusal() == null) {
        return provider.isBusy(type);
      }
    }
    return false;
  }

  private boolean send(InputType type, List<PendingText> texts) {
    long tokens = texts.stream().mapToLong(text -> text.text().estimate()).sum();
    EmbeddingException refused = null;
    for (Provider provider : providers) {
      Admission admission = provider.admit(type, tokens);
      if (admission instanceof Admission.Go go) {
        noteFallback(provider, refused);
        sink.send(new Call(provider, type, texts, go, tokens));
        return true;
      }
      if (admission instanceof Admission.Refused refusal) {
        refused = refused == null ? refusal.why() : refused;
        continue;
      }
      lane(type).addAgain(texts);
      if (admission instanceof Admission.Later later) {
        sink.wakeAfter(later.delay());
      }
      return false;
    }
    lane(type).addAgain(texts);
    if (refused != null) {
      stopAll(refused);
    }
    return false;
  }

  private void noteFallback(Provider provider, @Nullable EmbeddingException because) {
    if (because != null && !fellBack) {
      events.accept(provider.fellBack(because));
    }
    fellBack = because != null;
  }

  /** Gives up what waits. Who was further back is asked to come back later. */
  void stopAll(EmbeddingException why) {
    Duration wait = why instanceof ProviderPausedException ? null : why.retryAfter();
    for (Lane lane : List.of(lane(InputType.QUERY), lane(InputType.DOCUMENT))) {
      List<PendingText> texts = lane.drain();
      for (int from = 0; from < texts.size(); from += maxInputs) {
        int to = (int) Math.min(texts.size(), (long) from + maxInputs);
        EmbeddingException own =
            wait == null || from == 0
                ? why
                : Provider.limited(why.reason(), wait.multipliedBy(1 + from / maxInputs));
        sink.stop(new ArrayList<>(texts.subList(from, to)), own);
        if (to == texts.size()) {
          break;
        }
      }
    }
  }
}
