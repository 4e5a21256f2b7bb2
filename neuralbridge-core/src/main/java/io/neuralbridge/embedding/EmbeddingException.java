package io.neuralbridge.embedding;

/**
 * An {@link EmbeddingModel} refused or failed. The message never holds a secret or a whole text.
 */
public class EmbeddingException extends RuntimeException {

  public EmbeddingException(String message) {
    super(message);
  }

  public EmbeddingException(String message, Throwable cause) {
    super(message, cause);
  }
}
