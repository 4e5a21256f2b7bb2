package io.neuralbridge.job;

/** Arguments that cannot be stored, or stored arguments that no longer fit their type. */
public class InvalidArgsException extends JobException {

  public InvalidArgsException(String message) {
    super("invalid_args", message);
  }

  public InvalidArgsException(String message, Throwable cause) {
    super("invalid_args", message, cause);
  }
}
