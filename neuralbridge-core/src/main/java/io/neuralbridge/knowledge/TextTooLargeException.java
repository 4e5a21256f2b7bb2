package io.neuralbridge.knowledge;

import io.neuralbridge.embedding.EmbeddingException;

/** Texts are longer than the model takes, and trying again makes them no shorter. */
final class TextTooLargeException extends DocumentException {

  TextTooLargeException(String code, String message) {
    super(code, message);
  }

  static TextTooLargeException chunk(Chunk chunk, EmbeddingException cause) {
    TextTooLargeException exception =
        new TextTooLargeException(
            "text_too_large",
            "chunk %s of document '%s' cannot be embedded: %s"
                .formatted(chunk.id(), chunk.document(), cause.getMessage()));
    exception.initCause(cause);
    return exception;
  }
}
