package io.neuralbridge;

import io.neuralbridge.job.TraceContext;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The trace that a logging context names: as the OpenTelemetry agent writes it, as Micrometer
 * Tracing does, or as W3C headers that a host has put there itself.
 */
final class MdcTrace {

  private static final String TRACEPARENT = "traceparent";
  private static final String TRACESTATE = "tracestate";

  /** What is set for each run that has a trace. */
  static final Set<String> KEYS = Set.of(TRACEPARENT, TRACESTATE);

  private MdcTrace() {}

  // Tracers write their ids anew for each span; the headers may be those of the run around it.
  static Optional<TraceContext> current() {
    return of(MDC.get("trace_id"), MDC.get("span_id"), MDC.get("trace_flags"))
        .or(() -> of(MDC.get("traceId"), MDC.get("spanId"), null))
        .or(() -> TraceContext.parse(MDC.get(TRACEPARENT), MDC.get(TRACESTATE)));
  }

  // Without flags it counts as sampled: a trace that is too long is better than one that breaks.
  private static Optional<TraceContext> of(
      @Nullable String traceId, @Nullable String spanId, @Nullable String flags) {
    if (traceId == null || spanId == null) {
      return Optional.empty();
    }
    String traceparent = "00-%s-%s-%s".formatted(traceId, spanId, flags == null ? "01" : flags);
    return TraceContext.parse(traceparent, MDC.get(TRACESTATE));
  }

  static void set(TraceContext trace) {
    MDC.put(TRACEPARENT, trace.traceparent());
    if (trace.tracestate() != null) {
      MDC.put(TRACESTATE, trace.tracestate());
    }
  }
}
