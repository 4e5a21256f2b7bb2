package io.neuralbridge.job;

/**
 * Encrypted arguments that cannot be opened here. No failure of the job: every bridge tries it
 * again in a minute without using up an attempt, until a node has the key. Codes: {@link
 * #MISSING_KEY} and {@link #WRONG_KEY}.
 */
public class SealedArgsException extends JobException {

  /** No key of the id with which they are encrypted. */
  public static final String MISSING_KEY = "missing_key";

  /** Another key of that id, or arguments that were changed in the store. */
  public static final String WRONG_KEY = "wrong_key";

  public SealedArgsException(String code, String message) {
    super(code, message);
  }

  public SealedArgsException(String code, String message, Throwable cause) {
    super(code, message, cause);
  }
}
