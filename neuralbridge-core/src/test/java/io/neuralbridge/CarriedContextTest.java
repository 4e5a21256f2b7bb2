package io.neuralbridge;

import static io.neuralbridge.TestWorker.TYPE;
import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.CarriedContext;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.job.TraceContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** The logging context and the trace, from whoever enqueues to the run. */
class CarriedContextTest extends EngineTestBase {

  private static final String TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN_ID = "00f067aa0ba902b7";
  private static final String SAMPLED = "00-" + TRACE_ID + "-" + SPAN_ID + "-01";
  private static final String UNSAMPLED = "00-" + TRACE_ID + "-" + SPAN_ID + "-00";

  private final List<Map<String, String>> seen = new CopyOnWriteArrayList<>();
  private final List<Optional<TraceContext>> traces = new CopyOnWriteArrayList<>();

  private final TestWorker<String> worker =
      TestWorker.of(
          context -> {
            seen.add(
                MDC.getCopyOfContextMap().entrySet().stream()
                    .filter(entry -> !entry.getKey().startsWith("neuralbridge."))
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
            traces.add(context.trace());
            if (context.args().equals("parent")) {
              context.client().enqueue(TYPE.request("child"));
            }
            return Outcome.completed();
          });

  @BeforeEach
  @AfterEach
  void forget() {
    MDC.clear();
  }

  private Job run(Builder builder) {
    Job job = start(builder).enqueue(TYPE.request("x"));
    assertThat(signals.settled(job).state()).isEqualTo(JobState.COMPLETED);
    return job;
  }

  private Job run() {
    return run(builder(worker));
  }

  @Test
  void theLoggingContextOfWhoEnqueuesIsThatOfTheRun() {
    MDC.put("tenant", "acme");
    MDC.put("text", "\u0000 \"ü\" {}\n");

    run();

    assertThat(seen).containsExactly(Map.of("tenant", "acme", "text", "\u0000 \"ü\" {}\n"));
    assertThat(MDC.getCopyOfContextMap()).containsOnlyKeys("tenant", "text");
  }

  @Test
  void withoutContextNothingIsStored() {
    Job job = run();

    assertThat(job.spec().meta()).isEmpty();
    assertThat(seen).containsExactly(Map.of());
    assertThat(traces).containsExactly(Optional.empty());
  }

  @Test
  void onlyChosenKeysAreCarried() {
    MDC.put("tenant", "acme");
    MDC.put("user", "somebody");

    run(builder(worker).carryMdc(key -> key.equals("tenant")));

    assertThat(seen).containsExactly(Map.of("tenant", "acme"));
  }

  @Test
  void whatDoesNotFitIsLeftOutAndTheJobIsEnqueuedAllTheSame() {
    MDC.put("a", "small");
    MDC.put("b", "x".repeat(CarriedContext.MAX_MDC_CHARS));
    MDC.put("c", "small too");
    Map<String, String> full =
        IntStream.range(0, 20)
            .boxed()
            .collect(Collectors.toMap(i -> "k" + i, i -> "x".repeat(190)));

    NeuralBridge bridge = start(worker);
    signals.settled(bridge.enqueue(TYPE.request("x").withMeta(full)));

    assertThat(seen).containsExactly(Map.of("a", "small", "c", "small too"));
  }

  @Test
  void controlCharactersFitToo() {
    MDC.put("k", "\u0001".repeat(CarriedContext.MAX_MDC_CHARS - 1));

    run();

    assertThat(seen.get(0).get("k")).hasSize(CarriedContext.MAX_MDC_CHARS - 1);
  }

  @Test
  void theTraceIsFoundInWhatTracersLog() {
    MDC.put("trace_id", TRACE_ID);
    MDC.put("span_id", SPAN_ID);
    MDC.put("trace_flags", "00");

    run();

    assertThat(traces).containsExactly(Optional.of(TraceContext.of(UNSAMPLED)));
    assertThat(seen.get(0)).containsEntry("traceparent", UNSAMPLED);
  }

  @Test
  void withoutFlagsATraceCountsAsSampled() {
    MDC.put("traceId", TRACE_ID);
    MDC.put("spanId", SPAN_ID);

    run();

    assertThat(traces).containsExactly(Optional.of(TraceContext.of(SAMPLED)));
  }

  @Test
  void theTraceGoesOnToWhatAJobEnqueues() {
    MDC.put("traceparent", SAMPLED);
    MDC.put("tracestate", "vendor=1");
    MDC.put("tenant", "acme");
    NeuralBridge bridge = start(builder(worker).queue("default", 1));

    bridge.enqueue(TYPE.request("parent"));

    signals.settledAll(2);
    TraceContext trace = new TraceContext(SAMPLED, "vendor=1");
    assertThat(traces).containsExactly(Optional.of(trace), Optional.of(trace));
    assertThat(seen.get(1)).isEqualTo(seen.get(0)).containsEntry("tenant", "acme");
  }

  @Test
  void aHostMayTellTheTraceItself() {
    TraceContext trace = TraceContext.of(UNSAMPLED);
    MDC.put("traceparent", SAMPLED);

    run(builder(worker).traceSource(() -> Optional.of(trace)));

    assertThat(traces).containsExactly(Optional.of(trace));
  }

  @Test
  void aSourceThatFailsKeepsNoJobFromBeingEnqueued() {
    run(
        builder(worker)
            .carryMdc(
                key -> {
                  throw new IllegalStateException("which keys?");
                })
            .traceSource(
                () -> {
                  throw new IllegalStateException("no tracer");
                }));

    assertThat(traces).containsExactly(Optional.empty());
  }

  @Test
  void whatARequestSaysOfItsTraceCountsMore() {
    MDC.put("traceparent", SAMPLED);
    NeuralBridge bridge = start(worker);
    Map<String, String> meta = Map.of(CarriedContext.TRACEPARENT_KEY, UNSAMPLED);

    signals.settled(bridge.enqueue(TYPE.request("x").withMeta(meta)));

    assertThat(traces).containsExactly(Optional.of(TraceContext.of(UNSAMPLED)));
  }

  @Test
  void aContextThatCannotBeReadKeepsNoJobFromRunning() {
    NeuralBridge bridge = start(worker);
    Map<String, String> meta =
        Map.of(CarriedContext.MDC_KEY, "[1, 2", CarriedContext.TRACEPARENT_KEY, "00-0-0-01");

    signals.settled(bridge.enqueue(TYPE.request("x").withMeta(meta)));

    assertThat(traces).containsExactly(Optional.empty());
    assertThat(seen).containsExactly(Map.of());
  }

  @Test
  void streamsAndTransactionsCarryItToo() {
    MDC.put("tenant", "acme");
    NeuralBridge bridge = start(worker);

    bridge.enqueueAll(Stream.of(TYPE.request("a"), TYPE.request("b")));
    bridge.using(store).enqueue(TYPE.request("c"));

    signals.settledAll(3);
    assertThat(seen).hasSize(3).allMatch(mdc -> mdc.equals(Map.of("tenant", "acme")));
  }

  @Test
  void aDrainGivesTheCallerItsContextBack() {
    try (NeuralBridge bridge = builder(worker).build()) {
      MDC.put("tenant", "acme");
      bridge.enqueue(TYPE.request("x"));
      MDC.put("tenant", "other");

      bridge.drain();

      assertThat(seen).containsExactly(Map.of("tenant", "acme"));
      assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("tenant", "other"));
    }
  }
}
