package io.neuralbridge.job;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in a distributed trace, as <a href="https://www.w3.org/TR/trace-context/">W3C Trace
 * Context</a> writes it. A job carries the one in which it was enqueued.
 *
 * @param traceparent {@code version-traceId-parentId-flags} in lower-case hexadecimal, such as
 *     {@code 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01}
 * @param tracestate what vendors add, at most 512 characters, or null
 */
public record TraceContext(String traceparent, @Nullable String tracestate) {

  private static final Pattern TRACEPARENT =
      Pattern.compile(
          "(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
              + "(?:-[\\x21-\\x7e]{1,100})?");
  private static final int MAX_STATE = 512;

  public TraceContext {
    if (!isTraceparent(traceparent)) {
      throw new IllegalArgumentException(
          "'%s' is no W3C traceparent, such as 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
              .formatted(traceparent));
    }
    if (tracestate != null && tracestate.length() > MAX_STATE) {
      throw new IllegalArgumentException(
          "a tracestate of %d characters was given; at most %d are allowed: leave it out"
              .formatted(tracestate.length(), MAX_STATE));
    }
  }

  /** The place without what vendors add. */
  public static TraceContext of(String traceparent) {
    return new TraceContext(traceparent, null);
  }

  /** The place, if {@code traceparent} is one; a tracestate that is too long is left out. */
  public static Optional<TraceContext> parse(
      @Nullable String traceparent, @Nullable String tracestate) {
    if (traceparent == null || !isTraceparent(traceparent)) {
      return Optional.empty();
    }
    boolean fits = tracestate != null && tracestate.length() <= MAX_STATE;
    return Optional.of(new TraceContext(traceparent, fits ? tracestate : null));
  }

  private static boolean isTraceparent(String text) {
    return TRACEPARENT.matcher(text).matches();
  }

  /** Where the trace of whoever enqueues is found. Called in the enqueuing thread. */
  @FunctionalInterface
  public interface Source {

    /** The current place; empty outside of any trace. */
    Optional<TraceContext> current();
  }
}
