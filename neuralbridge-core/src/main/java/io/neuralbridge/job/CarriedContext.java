package io.neuralbridge.job;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a job takes along from whoever enqueued it: in its meta, under keys that the limits of the
 * meta do not count.
 *
 * @param mdc entries of the logging context
 * @param trace the place in a distributed trace, or null
 */
public record CarriedContext(Map<String, String> mdc, @Nullable TraceContext trace) {

  /** The meta key of the logging context, a JSON object. */
  public static final String MDC_KEY = "nb.mdc";

  /** The meta key of the W3C traceparent. */
  public static final String TRACEPARENT_KEY = "nb.traceparent";

  /** The meta key of the W3C tracestate. */
  public static final String TRACESTATE_KEY = "nb.tracestate";

  /** How many characters the names and values of the logging context may have together. */
  public static final int MAX_MDC_CHARS = 2_000;

  static final Set<String> KEYS = new TreeSet<>(List.of(MDC_KEY, TRACEPARENT_KEY, TRACESTATE_KEY));

  public static final CarriedContext NONE = new CarriedContext(Map.of(), null);

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

  public CarriedContext {
    mdc = Map.copyOf(mdc);
    int chars = JobSpec.chars(mdc);
    if (chars > MAX_MDC_CHARS) {
      throw new IllegalArgumentException(
          "a logging context of %d characters was given; at most %d are carried"
              .formatted(chars, MAX_MDC_CHARS));
    }
  }

  /** What a job carries; what cannot be read is left out, and so keeps no job from running. */
  public static CarriedContext of(JobSpec job) {
    Map<String, String> meta = job.meta();
    if (meta.isEmpty()) {
      return NONE;
    }
    Optional<TraceContext> trace =
        TraceContext.parse(meta.get(TRACEPARENT_KEY), meta.get(TRACESTATE_KEY));
    return new CarriedContext(mdc(meta.get(MDC_KEY)), trace.orElse(null));
  }

  private static Map<String, String> mdc(@Nullable String json) {
    if (json == null) {
      return Map.of();
    }
    try {
      Map<String, String> mdc = MAPPER.readValue(json, TEXTS);
      boolean whole =
          mdc != null && !mdc.containsValue(null) && JobSpec.chars(mdc) <= MAX_MDC_CHARS;
      return whole ? mdc : Map.of();
    } catch (JacksonException e) {
      return Map.of();
    }
  }

  /** The same job with this in its meta. What the meta names itself stays as it is. */
  public JobSpec addTo(JobSpec job) {
    Map<String, String> meta = new TreeMap<>(job.meta());
    if (!mdc.isEmpty()) {
      meta.putIfAbsent(MDC_KEY, MAPPER.writeValueAsString(new TreeMap<>(mdc)));
    }
    if (trace != null && !meta.containsKey(TRACEPARENT_KEY)) {
      meta.put(TRACEPARENT_KEY, trace.traceparent());
      if (trace.tracestate() != null) {
        meta.putIfAbsent(TRACESTATE_KEY, trace.tracestate());
      }
    }
    return job.withMeta(meta);
  }
}
