package io.neuralbridge.embedding;

import java.util.List;

/**
 * Texts for one call of {@link EmbeddingModel#embed}.
 *
 * @param positions where each text stood in the list that was packed, ascending
 * @param texts as many as positions, at least 1
 */
public record EmbeddingRequest(List<Integer> positions, List<String> texts) {

  public EmbeddingRequest {
    positions = List.copyOf(positions);
    texts = List.copyOf(texts);
    if (texts.isEmpty() || texts.size() != positions.size()) {
      throw new IllegalArgumentException(
          "a request needs texts, and a position for each: %d texts, %d positions"
              .formatted(texts.size(), positions.size()));
    }
  }

  int size() {
    return texts.size();
  }

  EmbeddingRequest subRequest(int from, int to) {
    return new EmbeddingRequest(positions.subList(from, to), texts.subList(from, to));
  }
}
