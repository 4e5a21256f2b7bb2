package io.neuralbridge;

import io.neuralbridge.job.CarriedContext;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.TraceContext;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The logging context and the trace: taken along when a job is enqueued, put back while it runs.
 */
final class Contexts {

  /** What is set for each run, and so never carried. */
  private static final String OWN = "neuralbridge.";

  private static final Logger log = LoggerFactory.getLogger(Contexts.class);

  private final Predicate<String> mdcKeys;
  private final TraceContext.Source trace;
  private final AtomicBoolean warned = new AtomicBoolean();

  Contexts(Predicate<String> mdcKeys, TraceContext.Source trace) {
    this.mdcKeys = mdcKeys;
    this.trace = trace;
  }

  /** All of the caller's logging context, and the trace that it names. */
  static Contexts ofMdc() {
    return new Contexts(key -> true, MdcTrace::current);
  }

  /** What the caller's thread has at hand. Never fails: nobody's job is lost for it. */
  CarriedContext current() {
    return new CarriedContext(mdc(), trace());
  }

  private Map<String, String> mdc() {
    Map<String, String> all = MDC.getCopyOfContextMap();
    if (all == null || all.isEmpty()) {
      return Map.of();
    }
    Map<String, String> carried = new TreeMap<>();
    int chars = 0;
    for (Map.Entry<String, String> entry : new TreeMap<>(all).entrySet()) {
      if (entry.getValue() != null && wanted(entry.getKey())) {
        int size = entry.getKey().length() + entry.getValue().length();
        if (chars + size > CarriedContext.MAX_MDC_CHARS) {
          warnOnce("'%s' of the logging context does not fit".formatted(entry.getKey()), null);
        } else {
          chars += size;
          carried.put(entry.getKey(), entry.getValue());
        }
      }
    }
    return carried;
  }

  private boolean wanted(String key) {
    try {
      return !key.startsWith(OWN) && !MdcTrace.KEYS.contains(key) && mdcKeys.test(key);
    } catch (RuntimeException e) {
      warnOnce("whether to carry '%s' of the logging context cannot be told".formatted(key), e);
      return false;
    }
  }

  private @Nullable TraceContext trace() {
    try {
      return trace.current().orElse(null);
    } catch (RuntimeException e) {
      warnOnce("the current trace cannot be told", e);
      return null;
    }
  }

  private void warnOnce(String what, @Nullable RuntimeException cause) {
    if (warned.compareAndSet(false, true)) {
      log.warn("Jobs are enqueued without all of their context: {}. Told once", what, cause);
    }
  }

  /**
   * Puts the run's logging context in place of the caller's.
   *
   * @return puts the caller's back
   */
  static Runnable enter(Job job) {
    CarriedContext carried = CarriedContext.of(job.spec());
    Runnable leave = replace(carried.mdc());
    Optional.ofNullable(carried.trace()).ifPresent(MdcTrace::set);
    MDC.put(OWN + "job", Long.toString(job.id()));
    MDC.put(OWN + "kind", job.kind());
    return leave;
  }

  /**
   * The same for a run of many jobs, each of which may have come from elsewhere.
   *
   * @return puts the caller's back
   */
  static Runnable enterChunk(String kind) {
    Runnable leave = replace(Map.of());
    MDC.put(OWN + "kind", kind);
    return leave;
  }

  private static Runnable replace(Map<String, String> context) {
    Map<String, String> before = MDC.getCopyOfContextMap();
    MDC.setContextMap(context);
    return () -> MDC.setContextMap(before == null ? Map.of() : before);
  }
}
