package io.neuralbridge.job;

/**
 * The base of what NeuralBridge throws, with a stable code beside the message. A worker may throw
 * one to name the reason of a failure; the code is stored as {@link JobError#code()}.
 */
public class JobException extends RuntimeException {

  private final String code;

  public JobException(String code, String message) {
    super(message);
    this.code = code;
  }

  public JobException(String code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** A stable name in snake case, such as {@code "chunk_not_found"}. */
  public final String code() {
    return code;
  }
}
