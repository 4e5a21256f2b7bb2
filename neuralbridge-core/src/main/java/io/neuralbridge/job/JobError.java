package io.neuralbridge.job;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;

/**
 * Why an attempt did not succeed. Bounded, whatever was thrown: a stack overflow's trace must not
 * brick its job.
 *
 * @param attempt the attempt's number, from 1, or 0 for what happened before the first; a job keeps
 *     one error an attempt
 * @param code a stable name: that of a {@link JobException}, else the exception's class
 * @param message at most 2,000 characters
 * @param trace the stack trace, at most 8,000 characters, empty if there is none
 */
public record JobError(int attempt, Instant at, String code, String message, String trace) {

  private static final int MAX_CODE = 200;
  private static final int MAX_MESSAGE = 2_000;
  private static final int MAX_TRACE = 8_000;

  public JobError {
    code = clean(code, MAX_CODE);
    message = clean(message, MAX_MESSAGE);
    trace = clean(trace, MAX_TRACE);
  }

  public static JobError of(int attempt, Instant at, Throwable cause) {
    return new JobError(attempt, at, codeOf(cause), messageOf(cause), traceOf(cause));
  }

  /** The stable name of what was thrown: that of a {@link JobException}, else its class's. */
  public static String codeOf(Throwable cause) {
    return cause instanceof JobException known ? known.code() : cause.getClass().getName();
  }

  public static JobError of(int attempt, Instant at, String code, String message) {
    return new JobError(attempt, at, code, message, "");
  }

  /** This error, with the reason for what follows from it before its message. */
  public JobError because(String reason) {
    return new JobError(attempt, at, code, reason + ": " + message, trace);
  }

  // An exception is somebody's code, and may throw one.
  private static String messageOf(Throwable cause) {
    try {
      String message = cause.getMessage();
      return message == null ? cause.getClass().getSimpleName() : message;
    } catch (RuntimeException e) {
      return "its message cannot be read: " + e.getClass().getName();
    }
  }

  private static String traceOf(Throwable cause) {
    StringWriter trace = new StringWriter();
    try {
      cause.printStackTrace(new PrintWriter(trace));
    } catch (RuntimeException e) {
      trace.append("its trace cannot be read: ").append(e.getClass().getName());
    }
    return trace.toString();
  }

  // Half of a surrogate pair is no character, and not every store takes it.
  private static int end(String text, int max) {
    return Character.isHighSurrogate(text.charAt(max - 2)) ? max - 2 : max - 1;
  }

  // A NUL character is refused by PostgreSQL, and one bad message must not hold up a batch of
  // outcomes.
  private static String clean(String text, int max) {
    String bounded = text.length() <= max ? text : text.substring(0, end(text, max)) + "…";
    return bounded.replace('\0', '\uFFFD');
  }
}
