package io.neuralbridge.embedding;

import io.neuralbridge.embedding.EmbeddingException.Reason;
import io.neuralbridge.embedding.VectorReader.BadVectorException;
import io.neuralbridge.text.TokenCounter;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * A model behind HTTP: OpenAI's, or one of the many that are asked as it is, or as another {@link
 * EmbeddingDialect} says.
 *
 * <pre>{@code
 * EmbeddingModel model =
 *     HttpEmbeddingModel.builder("text-embedding-3-small")
 *         .dimensions(1536)
 *         .apiKey(() -> System.getenv("OPENAI_API_KEY"))
 *         .build();
 * }</pre>
 *
 * <p>One call of {@link #embed} is one request, and never a second one: it neither retries, nor
 * sleeps, nor follows redirects. (The one exception: a server that refuses the field {@code
 * encoding_format} is asked once more without it, and from then on always.) Vectors come as base64
 * where the dialect has it, a quarter of the bytes of numbers, and are read either way. They are
 * assigned by their {@code index}; their number and length are checked, and that each number is
 * finite. An interrupt of the thread ends the request.
 *
 * <p>Failures are {@link EmbeddingException}s with a {@link Reason}. Neither the key nor the
 * headers nor the texts are ever in their messages, in logs or in {@link #toString}.
 *
 * <p>Requests go by HTTP/1.1, also where the server has HTTP/2: a few large requests at once gain
 * nothing from sharing one connection; and over cleartext the JDK's client would offer an upgrade,
 * upon which uvicorn, and so vLLM and many others, lose the body (uvicorn #2722, vllm #57203).
 * {@link HttpEmbeddingModelBuilder#httpClient} changes that.
 *
 * <p>Immutable to its users, and safe for use by many threads at once.
 */
public final class HttpEmbeddingModel implements EmbeddingModel {

  private static final long MOST_BYTES = 1 << 20;
  private static final int BYTES_PER_NUMBER = 32;

  private final HttpModelSettings settings;
  private final HttpClient client;
  private final HttpCalls calls;
  private final InstantSource clock;
  private volatile boolean base64;

  HttpEmbeddingModel(HttpModelSettings settings, HttpClient client, InstantSource clock) {
    this.settings = settings;
    this.client = client;
    this.calls = new HttpCalls(client, settings);
    this.clock = clock;
    this.base64 = settings.dialect().speaksBase64();
  }

  /**
   * Begins a model.
   *
   * @param model its name as the provider has it
   */
  public static HttpEmbeddingModelBuilder builder(String model) {
    return new HttpEmbeddingModelBuilder(model);
  }

  /**
   * This model with the limits that its server tells: one {@code GET /info}, which Text Embeddings
   * Inference answers.
   *
   * @throws IllegalStateException if the dialect is not {@link EmbeddingDialect#TEI}
   * @throws EmbeddingException if the server fails or is none
   */
  public HttpEmbeddingModel withServerLimits() {
    if (settings.dialect() != EmbeddingDialect.TEI) {
      throw new IllegalStateException(
          "only TEI tells its limits, not %s: set limits(…)".formatted(settings.dialect()));
    }
    String key = calls.key();
    HttpResponse<byte[]> answer = calls.get(settings.besideVersion("info"), key, MOST_BYTES);
    if (answer.statusCode() != 200) {
      throw refused(answer.statusCode(), answer, key, List.of());
    }
    try {
      EmbeddingLimits told = TeiInfo.read(answer.body()).limits(settings.limits());
      return new HttpEmbeddingModel(settings.withLimits(told), client, clock);
    } catch (JacksonException e) {
      throw badResponse(
          Reason.BAD_RESPONSE, "its limits are no JSON: " + e.getOriginalMessage(), key, List.of());
    }
  }

  /**
   * What the provider announced: one {@code GET /models/NAME}. Mistral and Azure tell it there;
   * others may by a {@code Sunset} header. Empty where there is no such page.
   */
  @Override
  public Optional<ModelRetirement> retirement() {
    if (!settings.dialect().hasModelCards()) {
      return Optional.empty();
    }
    String key = calls.key();
    String name = URLEncoder.encode(settings.model(), StandardCharsets.UTF_8).replace("+", "%20");
    HttpResponse<byte[]> answer = calls.get(settings.endpoint("models/" + name), key, MOST_BYTES);
    if (answer.statusCode() == 404) {
      return Optional.empty();
    }
    if (answer.statusCode() != 200) {
      throw refused(answer.statusCode(), answer, key, List.of());
    }
    try {
      return ModelCard.retirement(
          answer.body(), answer.headers().firstValue("sunset").orElse(null));
    } catch (JacksonException e) {
      throw badResponse(
          Reason.BAD_RESPONSE, "its models are no JSON: " + e.getOriginalMessage(), key, List.of());
    }
  }

  /** As the builder was told, or {@link HttpEmbeddingModelBuilder#modelId made up} by it. */
  @Override
  public String modelId() {
    return settings.modelId();
  }

  @Override
  public int dimensions() {
    return settings.dimensions();
  }

  @Override
  public int maxBatchSize() {
    return settings.limits().maxInputs();
  }

  @Override
  public EmbeddingLimits limits() {
    return settings.limits();
  }

  @Override
  public TokenCounter tokenCounter() {
    return settings.tokenCounter();
  }

  /**
   * Sends one request.
   *
   * @throws IllegalArgumentException if there are no texts, or more than {@link #maxBatchSize()}
   */
  @Override
  public EmbeddingResponse embed(List<String> texts, InputType inputType) {
    if (texts.isEmpty() || texts.size() > maxBatchSize()) {
      throw new IllegalArgumentException(
          "a request to %s must have 1 to %d texts, not %d: use SplittingEmbedder for more"
              .formatted(settings, maxBatchSize(), texts.size()));
    }
    boolean asBase64 = base64;
    try {
      return ask(texts, inputType, asBase64);
    } catch (EmbeddingException e) {
      if (!asBase64 || !refusesBase64(e)) {
        throw e;
      }
    }
    base64 = false;
    return ask(texts, inputType, false);
  }

  private static boolean refusesBase64(EmbeddingException e) {
    String message = String.valueOf(e.getMessage());
    return e.reason() == Reason.REJECTED
        && (message.contains("encoding_format") || message.contains("base64"));
  }

  private EmbeddingResponse ask(List<String> texts, InputType inputType, boolean asBase64) {
    String key = calls.key();
    byte[] request = ProviderJson.request(settings, texts, inputType, asBase64);
    long mostBytes = MOST_BYTES + (long) texts.size() * dimensions() * BYTES_PER_NUMBER;
    HttpResponse<byte[]> answer =
        calls.post(settings.endpoint(settings.dialect().path()), request, key, mostBytes);
    if (answer.statusCode() != 200) {
      throw refused(answer.statusCode(), answer, key, texts);
    }
    try {
      return ResponseReader.read(answer.body(), texts.size(), dimensions(), rateLimits(answer));
    } catch (BadVectorException e) {
      int hidden = ErrorBody.hiddenStatus(answer.body());
      if (hidden > 0) {
        throw refused(hidden, answer, key, texts);
      }
      throw badResponse(e.reason(), e.getMessage(), key, texts);
    } catch (JacksonException e) {
      throw badResponse(Reason.BAD_RESPONSE, e.getOriginalMessage(), key, texts);
    }
  }

  HttpModelSettings settings() {
    return settings;
  }

  HttpCalls calls() {
    return calls;
  }

  boolean speaksBase64() {
    return base64;
  }

  private EmbeddingException badResponse(
      Reason reason, @Nullable String why, @Nullable String key, List<String> texts) {
    return new EmbeddingException(
        reason,
        settings + " cannot be understood: " + SafeText.of(String.valueOf(why), key, texts));
  }

  EmbeddingException refused(
      int status, HttpResponse<byte[]> answer, @Nullable String key, List<String> texts) {
    ErrorBody body = ErrorBody.of(answer.body());
    String said = SafeText.of(body.message(), key, texts);
    String hint = status < 400 ? "; redirects are not followed: set the base URI" : "";
    return new EmbeddingException(
        ErrorReasons.of(status, body),
        "%s answered %d: %s%s".formatted(settings, status, said.isEmpty() ? "-" : said, hint),
        rateLimits(answer).orRetryAfter(WaitTimes.parse(body.retryDelay(), clock.instant())));
  }

  private RateLimitHeaders rateLimits(HttpResponse<byte[]> answer) {
    return RateLimitHeaders.of(answer.headers()::firstValue, serverTime(answer));
  }

  private Instant serverTime(HttpResponse<byte[]> answer) {
    try {
      return answer
          .headers()
          .firstValue("date")
          .map(date -> DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from))
          .orElseGet(clock::instant);
    } catch (DateTimeException e) {
      return clock.instant();
    }
  }

  @Override
  public String toString() {
    return settings.toString();
  }
}
