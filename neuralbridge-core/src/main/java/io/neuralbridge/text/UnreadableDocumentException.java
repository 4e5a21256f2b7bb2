package io.neuralbridge.text;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A document, or a folder of them, cannot be ingested as it is. The message names it and says what
 * to do; it never holds any of its text.
 */
public class UnreadableDocumentException extends RuntimeException {

  /** Why it cannot be read. */
  public enum Reason {
    /** There is nothing at that path. */
    MISSING,
    /** A folder where a file should be, a file where a folder should be, or a device or a pipe. */
    WRONG_KIND,
    /** The operating system refused, or reading failed midway. */
    NOT_READABLE,
    /** Nothing in it but white space; for a folder, no text or Markdown file. */
    EMPTY,
    /** Not a text file. */
    BINARY,
    /** Text in another encoding than UTF-8 or, with a byte order mark, UTF-16; or damaged text. */
    MALFORMED
  }

  private final String document;
  private final Reason reason;

  UnreadableDocumentException(String document, Reason reason, String advice) {
    super(document + ": " + advice);
    this.document = document;
    this.reason = reason;
  }

  /** What the failure of an operation on {@code path} means. */
  static UnreadableDocumentException of(Path path, IOException cause) {
    UnreadableDocumentException exception;
    if (cause instanceof NoSuchFileException) {
      exception = missing(path);
    } else if (cause instanceof AccessDeniedException) {
      exception =
          new UnreadableDocumentException(
              path.toString(), Reason.NOT_READABLE, "no permission to read it. Change its rights.");
    } else {
      exception =
          new UnreadableDocumentException(
              path.toString(), Reason.NOT_READABLE, "reading failed: " + cause.getMessage());
    }
    exception.initCause(cause);
    return exception;
  }

  static UnreadableDocumentException missing(Path path) {
    return new UnreadableDocumentException(
        path.toString(), Reason.MISSING, "there is no such file or folder. Check the path.");
  }

  /** The path as it was given. */
  public String document() {
    return document;
  }

  public Reason reason() {
    return reason;
  }
}
