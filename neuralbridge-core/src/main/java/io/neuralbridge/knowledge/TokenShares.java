package io.neuralbridge.knowledge;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Divides what a provider counted for a request among its chunks. */
final class TokenShares {

  private TokenShares() {}

  /** Tokens by chunk, as their texts are long; their sum is {@code tokens}. */
  static Map<String, Integer> of(List<Chunk> chunks, long tokens) {
    long length = chunks.stream().mapToLong(TokenShares::length).sum();
    Map<String, Integer> shares = new LinkedHashMap<>();
    long lengthBefore = 0;
    for (Chunk chunk : chunks) {
      long from = tokens * lengthBefore / length;
      lengthBefore += length(chunk);
      long to = tokens * lengthBefore / length;
      shares.put(chunk.id(), (int) Math.min(Integer.MAX_VALUE, to - from));
    }
    return shares;
  }

  private static long length(Chunk chunk) {
    return Math.max(1, chunk.embeddingText().length());
  }
}
