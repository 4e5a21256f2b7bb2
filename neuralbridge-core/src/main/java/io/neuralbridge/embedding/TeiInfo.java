package io.neuralbridge.embedding;

import tools.jackson.databind.JsonNode;

/** What {@code GET /info} of Text Embeddings Inference tells; 0 for what it does not. */
record TeiInfo(int maxInputLength, int maxBatchTokens, int maxClientBatchSize) {

  static TeiInfo read(byte[] json) {
    JsonNode tree = ProviderJson.MAPPER.readTree(json);
    return new TeiInfo(
        tree.path("max_input_length").asInt(0),
        tree.path("max_batch_tokens").asInt(0),
        tree.path("max_client_batch_size").asInt(0));
  }

  /** Its limits, and those of {@code others} that it does not tell. */
  EmbeddingLimits limits(EmbeddingLimits others) {
    EmbeddingLimits limits = others;
    if (maxClientBatchSize > 0) {
      limits = limits.withMaxInputs(maxClientBatchSize);
    }
    // A text with more tokens than a batch would wait in the server for ever.
    int longest = Math.min(orMost(maxInputLength), orMost(maxBatchTokens));
    return longest == Integer.MAX_VALUE ? limits : limits.withMaxTokensPerInput(longest);
  }

  private static int orMost(int limit) {
    return limit > 0 ? limit : Integer.MAX_VALUE;
  }
}
