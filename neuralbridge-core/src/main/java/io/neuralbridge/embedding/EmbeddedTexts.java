package io.neuralbridge.embedding;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of many texts.
 *
 * @param texts one for each text, in their order
 * @param stop why some were not tried; null if all were
 * @param calls how many times the model was called
 * @param inputTokens the tokens that the provider counted, 0 if it counts none
 */
public record EmbeddedTexts(
    List<EmbeddedText> texts, @Nullable EmbeddingException stop, int calls, long inputTokens) {

  public EmbeddedTexts {
    texts = List.copyOf(texts);
  }
}
