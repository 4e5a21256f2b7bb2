package io.neuralbridge.embedding;

import io.neuralbridge.text.TokenCounter;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a {@link HttpEmbeddingModel} was built from. Holds secrets: never print it. */
record HttpModelSettings(
    EmbeddingDialect dialect,
    URI baseUri,
    String model,
    String modelId,
    int dimensions,
    boolean shortened,
    @Nullable Supplier<String> apiKey,
    Map<String, String> headers,
    EmbeddingLimits limits,
    TokenCounter tokenCounter,
    Duration timeout,
    Map<InputType, String> prefixes,
    Map<InputType, String> inputTypes) {

  String prefix(InputType type) {
    return prefixes.getOrDefault(type, "");
  }

  @Nullable String inputType(InputType type) {
    String own = inputTypes.get(type);
    return own == null ? dialect.inputType(type) : own;
  }

  /** Limits of a provider, less what is put before each text: who packs knows nothing of it. */
  HttpModelSettings withLimits(EmbeddingLimits provider) {
    int longest = prefixes.values().stream().mapToInt(tokenCounter::count).max().orElse(0);
    int tokens = provider.maxTokensPerInput();
    EmbeddingLimits limits =
        longest == 0 || tokens == EmbeddingLimits.NONE
            ? provider
            : provider.withMaxTokensPerInput(Math.max(1, tokens - longest));
    return new HttpModelSettings(
        dialect,
        baseUri,
        model,
        modelId,
        dimensions,
        shortened,
        apiKey,
        headers,
        limits,
        tokenCounter,
        timeout,
        prefixes,
        inputTypes);
  }

  /** The base URI with a path appended; its query, such as Azure's api-version, is kept. */
  URI endpoint(String path) {
    return resolve(trimmed(baseUri.getRawPath()) + "/" + path);
  }

  /** Beside the API's version: TEI answers {@code /info} at the root. */
  URI besideVersion(String path) {
    String base = trimmed(baseUri.getRawPath());
    return resolve(
        (base.endsWith("/v1") ? base.substring(0, base.length() - 3) : base) + "/" + path);
  }

  private URI resolve(String path) {
    String query = baseUri.getRawQuery();
    return baseUri.resolve(query == null ? path : path + "?" + query);
  }

  private static String trimmed(@Nullable String path) {
    if (path == null) {
      return "";
    }
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /** Where it is, without what may be secret. */
  String address() {
    String port = baseUri.getPort() < 0 ? "" : ":" + baseUri.getPort();
    return baseUri.getScheme() + "://" + baseUri.getHost() + port;
  }

  @Override
  public String toString() {
    return "%s model '%s' at %s".formatted(dialect, model, address());
  }
}
