package io.neuralbridge.embedding;

/**
 * What a provider takes in one request. Limits that are not known are {@link #NONE}.
 *
 * <p>The presets hold the figures of November 2026; a provider may change its own at any time, and
 * self-hosted servers are configured by whoever runs them. A preset that is wrong costs calls, not
 * texts: {@link SplittingEmbedder} halves what the provider finds too large.
 *
 * @param maxInputs how many texts, at least 1
 * @param maxTokensPerInput how many tokens one text may have, at least 1
 * @param maxTokensPerRequest how many tokens all texts together may have, at least 1
 * @param maxBytesPerRequest how many bytes the body of the request may have, at least 1,024
 */
public record EmbeddingLimits(
    int maxInputs, int maxTokensPerInput, int maxTokensPerRequest, long maxBytesPerRequest) {

  /** As a limit: there is none, or it is not known. */
  public static final int NONE = Integer.MAX_VALUE;

  /**
   * 2,048 inputs of 8,192 tokens, 300,000 tokens a request. Source: OpenAI's OpenAPI description of
   * {@code POST /v1/embeddings}, August 2026.
   */
  public static final EmbeddingLimits OPENAI = tokens(2_048, 8_192, 300_000);

  /**
   * As {@link #OPENAI}: 2,048 inputs of 8,192 tokens. Source: learn.microsoft.com, "Learn how to
   * generate embeddings with Azure OpenAI". It names a limit of the sum of tokens too; OpenAI's
   * figure is taken for it. A deployment's tokens a minute may be less than a full request: lower
   * it then.
   */
  public static final EmbeddingLimits AZURE_OPENAI = OPENAI;

  /**
   * 256 inputs of 8,192 tokens, 16,384 tokens a request. Sources: the API's own refusals, "Too many
   * inputs in request" beyond 256 and "Too many tokens in batch. Max is 16384" (semantic-router
   * #297, langchain #17136 and #20523); the model card of {@code mistral-embed}.
   */
  public static final EmbeddingLimits MISTRAL = tokens(256, 8_192, 16_384);

  /**
   * 96 inputs of 128,000 tokens, for {@code embed-v4.0}; no limit of the sum is published. The v3
   * models take 512 tokens: {@code COHERE.withMaxTokensPerInput(512)}. Sources: the API's refusal
   * "total number of texts must be at most 96"; Cohere's table of models.
   */
  public static final EmbeddingLimits COHERE = tokens(96, 128_000, NONE);

  /**
   * 1,000 inputs of 32,000 tokens, 120,000 tokens a request: the least of the current models.
   * 320,000 for {@code voyage-4} and {@code voyage-3.5}, 1,000,000 for their {@code -lite}. Voyage
   * counts up to three times as many tokens as {@code cl100k} (gbrain #680): give the model a
   * counter of its own where requests are often refused. Source: Voyage's API reference, as MongoDB
   * publishes it.
   */
  public static final EmbeddingLimits VOYAGE = tokens(1_000, 32_000, 120_000);

  /**
   * 100 inputs of 2,048 tokens, for {@code gemini-embedding-001}, which cuts longer ones off in
   * silence. Sources: the API's refusal "at most 100 requests can be in one batch"; Google's page
   * on the model.
   */
  public static final EmbeddingLimits GEMINI = tokens(100, 2_048, NONE);

  /**
   * 32 inputs of 16,384 tokens, 2,000,000 bytes a request: what Text Embeddings Inference starts
   * with ({@code --max-client-batch-size}, {@code --max-batch-tokens}, {@code --payload-limit}).
   * Most models take fewer tokens: ask the server, {@link HttpEmbeddingModel#withServerLimits()}.
   */
  public static final EmbeddingLimits TEI = new EmbeddingLimits(32, 16_384, NONE, 2_000_000);

  /**
   * 64 inputs of 2,048 tokens. Ollama limits a text by the context of its model, which is 2,048 for
   * {@code nomic-embed-text}; the number of texts is our choice, since it has no limit but a
   * request that takes minutes helps nobody.
   */
  public static final EmbeddingLimits OLLAMA = tokens(64, 2_048, NONE);

  /**
   * 256 inputs of 8,192 tokens. vLLM limits a text by {@code --max-model-len}: set it; the number
   * of texts is our choice, it has no limit.
   */
  public static final EmbeddingLimits VLLM = tokens(256, 8_192, NONE);

  /**
   * 64 inputs of 512 tokens: a text must fit into one {@code --ubatch-size}, 512 unless set
   * (llama.cpp #7389, #12836). The number of texts is our choice, it has no limit. Its tokenizers
   * count up to twice as many tokens as {@code cl100k} (ramalama #2852).
   */
  public static final EmbeddingLimits LLAMA_CPP = tokens(64, 512, NONE);

  public EmbeddingLimits {
    requireAtLeast(1, "maxInputs", maxInputs);
    requireAtLeast(1, "maxTokensPerInput", maxTokensPerInput);
    requireAtLeast(1, "maxTokensPerRequest", maxTokensPerRequest);
    requireAtLeast(1_024, "maxBytesPerRequest", maxBytesPerRequest);
  }

  /** Limits of a model that counts texts only. */
  public static EmbeddingLimits ofInputs(int maxInputs) {
    return tokens(maxInputs, NONE, NONE);
  }

  private static EmbeddingLimits tokens(int inputs, int perInput, int perRequest) {
    return new EmbeddingLimits(inputs, perInput, perRequest, NONE);
  }

  public EmbeddingLimits withMaxInputs(int maxInputs) {
    return new EmbeddingLimits(
        maxInputs, maxTokensPerInput, maxTokensPerRequest, maxBytesPerRequest);
  }

  public EmbeddingLimits withMaxTokensPerInput(int maxTokensPerInput) {
    return new EmbeddingLimits(
        maxInputs, maxTokensPerInput, maxTokensPerRequest, maxBytesPerRequest);
  }

  public EmbeddingLimits withMaxTokensPerRequest(int maxTokensPerRequest) {
    return new EmbeddingLimits(
        maxInputs, maxTokensPerInput, maxTokensPerRequest, maxBytesPerRequest);
  }

  public EmbeddingLimits withMaxBytesPerRequest(long maxBytesPerRequest) {
    return new EmbeddingLimits(
        maxInputs, maxTokensPerInput, maxTokensPerRequest, maxBytesPerRequest);
  }

  private static void requireAtLeast(long least, String name, long value) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s must be at least %d: %d; use EmbeddingLimits.NONE where there is no limit"
              .formatted(name, least, value));
    }
  }
}
