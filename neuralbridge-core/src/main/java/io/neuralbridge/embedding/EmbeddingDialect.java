package io.neuralbridge.embedding;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a provider wants to be asked. All but {@link #COHERE} and {@link #OLLAMA} are asked as OpenAI
 * is, and differ by the names of a field or two.
 */
@SuppressWarnings("ImmutableEnumChecker") // records and immutable maps
public enum EmbeddingDialect {
  /** OpenAI, and whoever speaks its {@code POST /v1/embeddings} with {@code encoding_format}. */
  OPENAI(
      new Wire("https://api.openai.com/v1", "embeddings", "input", "dimensions", true),
      EmbeddingLimits.OPENAI),
  /**
   * Azure OpenAI: the key goes into the header {@code api-key}. The base URI is {@code
   * https://NAME.openai.azure.com/openai/v1}, the model is the deployment's name.
   */
  AZURE_OPENAI(
      new Wire(null, "embeddings", "input", "dimensions", true), EmbeddingLimits.AZURE_OPENAI),
  /** Mistral: dimensions are {@code output_dimension}. */
  MISTRAL(
      new Wire("https://api.mistral.ai/v1", "embeddings", "input", "output_dimension", false),
      EmbeddingLimits.MISTRAL),
  /**
   * Cohere's own {@code POST /v2/embed}, since its OpenAI-compatible one knows no input type, which
   * its models need. Longer texts are refused, not cut off in silence.
   */
  COHERE(
      new Wire("https://api.cohere.com/v2", "embed", "texts", "output_dimension", false),
      EmbeddingLimits.COHERE,
      Map.of("embedding_types", List.of("float"), "truncate", "NONE"),
      new Types("search_query", "search_document")),
  /** Voyage: with an input type; longer texts are refused, not cut off in silence. */
  VOYAGE(
      new Wire("https://api.voyageai.com/v1", "embeddings", "input", "output_dimension", true),
      EmbeddingLimits.VOYAGE,
      Map.of("truncation", false),
      new Types("query", "document")),
  /** Gemini's OpenAI-compatible endpoint. */
  GEMINI(
      new Wire(
          "https://generativelanguage.googleapis.com/v1beta/openai",
          "embeddings",
          "input",
          "dimensions",
          false),
      EmbeddingLimits.GEMINI),
  /** Text Embeddings Inference: OpenAI's endpoint, and {@code GET /info} for its limits. */
  TEI(new Wire(null, "embeddings", "input", "dimensions", true), EmbeddingLimits.TEI),
  /**
   * Ollama's own {@code POST /api/embed}, since its OpenAI-compatible one cuts longer texts off in
   * silence. The base URI has no {@code /v1}.
   */
  OLLAMA(
      new Wire("http://localhost:11434", "api/embed", "input", "dimensions", false),
      EmbeddingLimits.OLLAMA,
      Map.of("truncate", false),
      null),
  /** vLLM's OpenAI-compatible server. */
  VLLM(new Wire(null, "embeddings", "input", "dimensions", true), EmbeddingLimits.VLLM),
  /** llama.cpp's {@code llama-server --embeddings}. */
  LLAMA_CPP(new Wire(null, "embeddings", "input", "dimensions", true), EmbeddingLimits.LLAMA_CPP);

  /** Names and places; {@code base64} where the field {@code encoding_format} is understood. */
  private record Wire(
      @Nullable String baseUri,
      String path,
      String textsField,
      String dimensionsField,
      boolean base64) {}

  private record Types(String query, String document) {}

  private final Wire wire;
  private final EmbeddingLimits limits;
  private final Map<String, Object> constants;
  private final @Nullable Types types;

  EmbeddingDialect(Wire wire, EmbeddingLimits limits) {
    this(wire, limits, Map.of(), null);
  }

  EmbeddingDialect(
      Wire wire, EmbeddingLimits limits, Map<String, Object> constants, @Nullable Types types) {
    this.wire = wire;
    this.limits = limits;
    this.constants = constants;
    this.types = types;
  }

  /** What a request may hold unless a model is told otherwise. */
  public EmbeddingLimits limits() {
    return limits;
  }

  /** Where the provider is; null for servers that somebody runs himself, and for Azure. */
  @Nullable URI baseUri() {
    return wire.baseUri() == null ? null : URI.create(wire.baseUri());
  }

  String path() {
    return wire.path();
  }

  String textsField() {
    return wire.textsField();
  }

  String dimensionsField() {
    return wire.dimensionsField();
  }

  boolean speaksBase64() {
    return wire.base64();
  }

  /** Fields that each request has. */
  Map<String, Object> constants() {
    return constants;
  }

  /** The value of the field {@code input_type}; null if requests have none. */
  @Nullable String inputType(InputType type) {
    if (types == null) {
      return null;
    }
    return type == InputType.QUERY ? types.query() : types.document();
  }

  /** Whether there is a {@code GET /models/NAME} that may tell of a model's end. */
  boolean hasModelCards() {
    return switch (this) {
      case OPENAI, AZURE_OPENAI, MISTRAL, VOYAGE, GEMINI -> true;
      case COHERE, TEI, OLLAMA, VLLM, LLAMA_CPP -> false;
    };
  }

  String keyHeader() {
    return this == AZURE_OPENAI ? "api-key" : "Authorization";
  }

  String keyValue(String key) {
    return this == AZURE_OPENAI ? key : "Bearer " + key;
  }
}
