package io.neuralbridge.embedding;

import java.util.ArrayList;
import java.util.List;

/** A request that takes texts as long as the limits of the provider allow. */
final class OpenRequest {

  /** What surrounds the texts in the body of a request. */
  static final long ENVELOPE_BYTES = 512;

  private final EmbeddingLimits limits;
  private final List<WeighedText> texts = new ArrayList<>();
  private long tokens;
  private long bytes = ENVELOPE_BYTES;

  OpenRequest(EmbeddingLimits limits) {
    this.limits = limits;
  }

  List<WeighedText> texts() {
    return texts;
  }

  // Tokens are counted only if their upper bounds leave a doubt.
  boolean hasRoomFor(WeighedText text) {
    if (texts.size() >= limits.maxInputs()
        || bytes + text.jsonBytes() > limits.maxBytesPerRequest()) {
      return false;
    }
    if (tokens + text.upperBound() > limits.maxTokensPerRequest()) {
      tokens = texts.stream().mapToLong(WeighedText::tokens).sum();
      return tokens + text.tokens() <= limits.maxTokensPerRequest();
    }
    return true;
  }

  void add(WeighedText text) {
    texts.add(text);
    tokens += text.upperBound();
    bytes += text.jsonBytes();
  }
}
