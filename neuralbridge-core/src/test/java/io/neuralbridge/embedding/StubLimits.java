package io.neuralbridge.embedding;

import io.neuralbridge.text.TokenCounter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Refuses what a provider refuses, in its own words. */
final class StubLimits {

  private final EmbeddingDialect dialect;
  private final EmbeddingLimits limits;
  private final TokenCounter counter;

  StubLimits(EmbeddingDialect dialect, EmbeddingLimits limits, TokenCounter counter) {
    this.dialect = dialect;
    this.limits = limits;
    this.counter = counter;
  }

  @Nullable StubReply check(List<String> texts, int bodyBytes) {
    if (bodyBytes > limits.maxBytesPerRequest()) {
      return StubReply.of(413, "Payload too large");
    }
    if (texts.isEmpty() || texts.stream().anyMatch(String::isEmpty)) {
      return error(400, "'$.input' is invalid. Please check the API reference.", "invalid_input");
    }
    if (texts.size() > limits.maxInputs()) {
      return tooMany(texts.size(), limits.maxInputs());
    }
    long total = 0;
    for (String text : texts) {
      int tokens = tokens(text, limits.maxTokensPerInput());
      if (tokens > limits.maxTokensPerInput()) {
        return tooLong(tokens, limits.maxTokensPerInput());
      }
      total += limits.maxTokensPerRequest() == EmbeddingLimits.NONE ? 0 : tokens;
    }
    return total > limits.maxTokensPerRequest() ? tooManyTokens(total) : null;
  }

  // Counting is dear, and needless for short texts where only one text can be too long.
  private int tokens(String text, int most) {
    boolean fits = 3L * text.length() <= most;
    return fits && limits.maxTokensPerRequest() == EmbeddingLimits.NONE ? 0 : counter.count(text);
  }

  private StubReply tooMany(int inputs, int most) {
    return switch (dialect) {
      case MISTRAL -> error(400, "Too many inputs in request, split into more batches.", "3210");
      case COHERE ->
          error(
              400,
              "invalid request: total number of texts must be at most %d - received %d"
                  .formatted(most, inputs),
              "");
      case VOYAGE ->
          error(
              400,
              "The batch size limit is %d. Your batch size is %d.".formatted(most, inputs),
              "");
      case GEMINI ->
          error(
              400,
              "* BatchEmbedContentsRequest.requests: at most %d requests can be in one batch"
                  .formatted(most),
              "INVALID_ARGUMENT");
      case TEI ->
          error(
              413,
              "batch size %d > maximum allowed batch size %d".formatted(inputs, most),
              "Validation");
      default ->
          error(
              400,
              "Invalid 'input': array too long. Expected an array with maximum length %d, but got an array with length %d instead."
                  .formatted(most, inputs),
              "array_above_max_length");
    };
  }

  private StubReply tooLong(int tokens, int most) {
    return switch (dialect) {
      case COHERE -> error(400, "too many tokens: the limit is %d".formatted(most), "");
      case VOYAGE ->
          error(
              400,
              "The example at index 0 in your batch has too many tokens and does not fit into the model's context window of %d tokens."
                  .formatted(most),
              "");
      case TEI ->
          error(
              413,
              "Input validation error: `inputs` must have less than %d tokens. Given: %d"
                  .formatted(most, tokens),
              "Validation");
      case OLLAMA -> error(400, "the input length exceeds the context length", "");
      case VLLM ->
          error(
              400,
              "This model's maximum context length is %d tokens. However, you requested %d tokens in the input for embedding generation. Please reduce the length of the input."
                  .formatted(most, tokens),
              "400");
      case LLAMA_CPP ->
          error(
              500,
              "input (%d tokens) is too large to process. increase the physical batch size (current batch size: %d)"
                  .formatted(tokens, most),
              "server_error");
      default ->
          error(
              400,
              "This model's maximum context length is %d tokens, however you requested %d tokens. Please reduce your prompt."
                  .formatted(most, tokens),
              "context_length_exceeded");
    };
  }

  private StubReply tooManyTokens(long tokens) {
    int most = limits.maxTokensPerRequest();
    return switch (dialect) {
      case MISTRAL -> error(400, "Too many tokens overall, split into more batches.", "3210");
      case VOYAGE ->
          error(
              400,
              "Request to model failed. The max allowed tokens per submitted batch is %d. Your batch has %d tokens after truncation. Please lower the number of tokens in the batch."
                  .formatted(most, tokens),
              "");
      default ->
          error(
              400,
              "Requested %d tokens, max %d tokens per request".formatted(tokens, most),
              "max_tokens_per_request");
    };
  }

  /** An error in the dialect's shape. */
  StubReply error(int status, String message, String code) {
    String body =
        switch (dialect) {
          case COHERE -> "{\"id\": \"1\", \"message\": %s}";
          case VOYAGE -> "{\"detail\": %s}";
          case OLLAMA -> "{\"error\": %s}";
          case GEMINI ->
              "[{\"error\": {\"code\": "
                  + status
                  + ", \"message\": %s, \"status\": \""
                  + code
                  + "\"}}]";
          case MISTRAL, TEI, VLLM ->
              "{\"object\": \"error\", \"message\": %s, \"type\": \""
                  + code
                  + "\", \"code\": \""
                  + code
                  + "\"}";
          default ->
              "{\"error\": {\"message\": %s, \"type\": \"invalid_request_error\", \"param\": null, \"code\": \""
                  + code
                  + "\"}}";
        };
    return StubReply.of(status, body.formatted(ProviderJson.MAPPER.writeValueAsString(message)));
  }
}
