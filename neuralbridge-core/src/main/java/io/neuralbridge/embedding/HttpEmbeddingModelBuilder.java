package io.neuralbridge.embedding;

import io.neuralbridge.text.TokenCounter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link HttpEmbeddingModel}. Needed are {@link #dimensions} or {@link #shortenedTo}, and
 * the {@link #baseUri} of a provider that has none of its own. Not for use by many threads at once.
 */
public final class HttpEmbeddingModelBuilder {

  private final String model;
  private EmbeddingDialect dialect = EmbeddingDialect.OPENAI;
  private @Nullable URI baseUri;
  private @Nullable String modelId;
  private int dimensions;
  private boolean shortened;
  private @Nullable Supplier<String> apiKey;
  private @Nullable EmbeddingLimits limits;
  private TokenCounter tokenCounter = TokenCounter.cl100k();
  private Duration timeout = Duration.ofSeconds(60);
  private Duration connectTimeout = Duration.ofSeconds(10);
  private @Nullable HttpClient httpClient;
  private InstantSource clock = InstantSource.system();
  private final Map<String, String> headers = new LinkedHashMap<>();
  private final Map<InputType, String> prefixes = new EnumMap<>(InputType.class);
  private final Map<InputType, String> inputTypes = new EnumMap<>(InputType.class);

  HttpEmbeddingModelBuilder(String model) {
    if (model.isBlank()) {
      throw new IllegalArgumentException("the model's name is blank");
    }
    this.model = model;
  }

  /** How to ask; {@link EmbeddingDialect#OPENAI} unless set. */
  public HttpEmbeddingModelBuilder dialect(EmbeddingDialect dialect) {
    this.dialect = dialect;
    return this;
  }

  /**
   * Where the provider is, up to and with the version of its API, such as {@code
   * http://localhost:8000/v1}; a query, such as Azure's {@code ?api-version=…}, is kept. The
   * dialect's own unless set.
   */
  public HttpEmbeddingModelBuilder baseUri(URI baseUri) {
    String scheme = baseUri.getScheme();
    boolean http = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
    if (!http || baseUri.getHost() == null) {
      throw new IllegalArgumentException(
          "a base URI must be http(s)://host…, not one with scheme '%s' and host '%s'"
              .formatted(scheme, baseUri.getHost()));
    }
    this.baseUri = baseUri;
    return this;
  }

  /** The length of the vectors that the model returns by itself, at least 1. */
  public HttpEmbeddingModelBuilder dimensions(int dimensions) {
    return dimensions(dimensions, false);
  }

  /**
   * Asks for shorter vectors than the model returns by itself, for models that were trained for it
   * ("Matryoshka"); others refuse.
   *
   * @param dimensions at least 1
   */
  public HttpEmbeddingModelBuilder shortenedTo(int dimensions) {
    return dimensions(dimensions, true);
  }

  private HttpEmbeddingModelBuilder dimensions(int dimensions, boolean shortened) {
    if (dimensions < 1) {
      throw new IllegalArgumentException("dimensions must be at least 1: " + dimensions);
    }
    this.dimensions = dimensions;
    this.shortened = shortened;
    return this;
  }

  /**
   * What {@link EmbeddingModel#modelId} returns. Unless set: the model's name; followed by
   * {@code @256} if it is shortened to 256; followed by {@code #} and a hash if prefixes or input
   * types are set, since other ones give other vectors.
   */
  public HttpEmbeddingModelBuilder modelId(String modelId) {
    this.modelId = modelId;
    return this;
  }

  /** The key, asked for with each request, so that it may change; none unless set. */
  public HttpEmbeddingModelBuilder apiKey(Supplier<String> apiKey) {
    this.apiKey = apiKey;
    return this;
  }

  /** What a request may hold; the dialect's preset unless set. */
  public HttpEmbeddingModelBuilder limits(EmbeddingLimits limits) {
    this.limits = limits;
    return this;
  }

  /** Counts the model's tokens; {@code cl100k} unless set, which is exact for OpenAI's models. */
  public HttpEmbeddingModelBuilder tokenCounter(TokenCounter tokenCounter) {
    this.tokenCounter = tokenCounter;
    return this;
  }

  /** How long a request may take, to the last byte of its answer; 60 s unless set. */
  public HttpEmbeddingModelBuilder timeout(Duration timeout) {
    this.timeout = requirePositive("timeout", timeout);
    return this;
  }

  /** How long it may take to connect; 10 s unless set. Of no effect on a {@link #httpClient}. */
  public HttpEmbeddingModelBuilder connectTimeout(Duration connectTimeout) {
    this.connectTimeout = requirePositive("connectTimeout", connectTimeout);
    return this;
  }

  private static Duration requirePositive(String name, Duration duration) {
    if (duration.toMillis() < 1) {
      throw new IllegalArgumentException("%s must be positive: %s".formatted(name, duration));
    }
    return duration;
  }

  /** A header that each request has, such as {@code OpenAI-Project}. Its value is kept secret. */
  public HttpEmbeddingModelBuilder header(String name, String value) {
    boolean valid = true;
    try {
      HttpRequest.newBuilder().setHeader(name, value);
    } catch (IllegalArgumentException e) {
      valid = false;
    }
    // Thrown here without its cause, whose message holds the value.
    if (!valid) {
      throw new IllegalArgumentException("header '%s' cannot be sent".formatted(name));
    }
    headers.put(name, value);
    return this;
  }

  /**
   * What is put before each text, for models that were trained so, such as E5's {@code "query: "}
   * and {@code "passage: "}; nothing unless set.
   */
  public HttpEmbeddingModelBuilder prefixes(String query, String document) {
    prefixes.put(InputType.QUERY, query);
    prefixes.put(InputType.DOCUMENT, document);
    return this;
  }

  /**
   * The values of the field {@code input_type}. Unless set: {@code search_query} and {@code
   * search_document} for Cohere, {@code query} and {@code document} for Voyage, no such field for
   * others.
   */
  public HttpEmbeddingModelBuilder inputTypes(String query, String document) {
    inputTypes.put(InputType.QUERY, query);
    inputTypes.put(InputType.DOCUMENT, document);
    return this;
  }

  /**
   * A client of your own, for a proxy or certificates. Unless set, one of HTTP/1.1 that follows no
   * redirects, for a key must not go elsewhere.
   */
  public HttpEmbeddingModelBuilder httpClient(HttpClient httpClient) {
    this.httpClient = httpClient;
    return this;
  }

  HttpEmbeddingModelBuilder clock(InstantSource clock) {
    this.clock = clock;
    return this;
  }

  /**
   * The model. Connects to nothing yet.
   *
   * @throws IllegalStateException if something needed is missing
   */
  public HttpEmbeddingModel build() {
    if (dimensions == 0) {
      throw new IllegalStateException(
          "how long are the vectors of '%s'? Say dimensions(…) or shortenedTo(…)".formatted(model));
    }
    URI uri = baseUri == null ? dialect.baseUri() : baseUri;
    if (uri == null) {
      throw new IllegalStateException(
          "where is the %s server? Say baseUri(…), such as http://localhost:8000/v1"
              .formatted(dialect));
    }
    HttpModelSettings settings =
        new HttpModelSettings(
            dialect,
            uri,
            model,
            modelId == null ? defaultModelId() : modelId,
            dimensions,
            shortened,
            apiKey,
            Map.copyOf(headers),
            dialect.limits(),
            tokenCounter,
            timeout,
            Map.copyOf(prefixes),
            Map.copyOf(inputTypes));
    return new HttpEmbeddingModel(
        settings.withLimits(limits == null ? dialect.limits() : limits),
        httpClient == null ? client() : httpClient,
        clock);
  }

  private HttpClient client() {
    return HttpClient.newBuilder()
        .version(Version.HTTP_1_1)
        .followRedirects(Redirect.NEVER)
        .connectTimeout(connectTimeout)
        .build();
  }

  private String defaultModelId() {
    String id = shortened ? model + "@" + dimensions : model;
    if (prefixes.isEmpty() && inputTypes.isEmpty()) {
      return id;
    }
    String kinds =
        prefixes.get(InputType.QUERY)
            + '\n'
            + prefixes.get(InputType.DOCUMENT)
            + '\n'
            + inputTypes.get(InputType.QUERY)
            + '\n'
            + inputTypes.get(InputType.DOCUMENT);
    return id + "#" + Integer.toHexString(kinds.hashCode());
  }
}
