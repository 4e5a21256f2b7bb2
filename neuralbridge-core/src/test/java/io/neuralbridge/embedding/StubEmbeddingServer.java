package io.neuralbridge.embedding;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.neuralbridge.text.TokenCounter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * An embedding provider on the loopback, for tests and benchmarks: it speaks a dialect, enforces
 * its limits in the provider's own words, gives each text its own vector, and logs every request.
 * Its log is the judge of what was asked and paid for.
 *
 * <p>By default it answers at once and never fails. Safe for use by many threads.
 */
public final class StubEmbeddingServer implements AutoCloseable {

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final EmbeddingDialect dialect;
  private final int dimensions;
  private final List<StubCall> log = new ArrayList<>();
  private final Deque<StubReply> next = new ArrayDeque<>();
  private final Map<String, String> headers = new LinkedHashMap<>();
  private volatile Function<StubCall, @Nullable StubReply> script = call -> null;
  private volatile EmbeddingLimits limits;
  private volatile TokenCounter counter = TokenCounter.cl100k();
  private volatile Duration latency = Duration.ZERO;
  private volatile @Nullable String key;
  private volatile boolean understandsBase64 = true;

  // Or small answers wait for the delayed acknowledgement of the client's kernel, 40 ms each.
  static {
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private StubEmbeddingServer(EmbeddingDialect dialect, int dimensions) {
    this.dialect = dialect;
    this.dimensions = dimensions;
    this.limits = dialect.limits();
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Starts a server with the dialect's limits, which no key guards. */
  public static StubEmbeddingServer start(EmbeddingDialect dialect, int dimensions) {
    return new StubEmbeddingServer(dialect, dimensions);
  }

  /** What a model is built with. */
  public URI baseUri() {
    String path = dialect == EmbeddingDialect.OLLAMA ? "" : "/v1";
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  /** A model of this server, to be built. */
  public HttpEmbeddingModelBuilder model() {
    return HttpEmbeddingModel.builder("stub-model")
        .dialect(dialect)
        .baseUri(baseUri())
        .dimensions(dimensions);
  }

  /** Speaks the Batch API too, of OpenAI's dialect. Once a server. */
  public StubBatchApi batches() {
    return new StubBatchApi(server, dimensions);
  }

  public StubEmbeddingServer limits(EmbeddingLimits limits) {
    this.limits = limits;
    return this;
  }

  /** Counts tokens for its limits; cl100k unless set. */
  public StubEmbeddingServer counter(TokenCounter counter) {
    this.counter = counter;
    return this;
  }

  /** Refuses requests with another key. */
  public StubEmbeddingServer key(String key) {
    this.key = key;
    return this;
  }

  /** How long each answer takes. */
  public StubEmbeddingServer latency(Duration latency) {
    this.latency = latency;
    return this;
  }

  /** A header of each answer. */
  public StubEmbeddingServer header(String name, String value) {
    synchronized (log) {
      headers.put(name, value);
    }
    return this;
  }

  /** Refuses the field {@code encoding_format}. */
  public StubEmbeddingServer withoutBase64() {
    understandsBase64 = false;
    return this;
  }

  /** Answers the next requests so, one each, instead of with vectors. */
  public StubEmbeddingServer next(StubReply... replies) {
    synchronized (log) {
      next.addAll(List.of(replies));
    }
    return this;
  }

  /** Asked for each request before all else: what to answer instead of vectors, or null. */
  public StubEmbeddingServer script(Function<StubCall, @Nullable StubReply> script) {
    this.script = script;
    return this;
  }

  /** All requests so far. */
  public List<StubCall> log() {
    synchronized (log) {
      return List.copyOf(log);
    }
  }

  /** The texts of all requests that were answered with vectors, in their order. */
  public List<String> embedded() {
    return log().stream()
        .filter(StubCall::succeeded)
        .flatMap(call -> call.texts().stream())
        .toList();
  }

  /** The vector that a server of so many dimensions has for a text. */
  public static float[] vectorOf(String text, int dimensions) {
    float[] vector = new float[dimensions];
    long state = text.hashCode() * 0x9E3779B97F4A7C15L;
    for (int i = 0; i < dimensions; i++) {
      state = state * 6364136223846793005L + 1442695040888963407L;
      vector[i] = (state >> 40) / (float) (1 << 23);
    }
    return vector;
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    StubCall call = enter(exchange, body);
    StubReply reply = reply(call, body.length);
    try {
      Thread.sleep(latency.toMillis());
    } catch (InterruptedException e) {
      exchange.close();
      return;
    }
    leave(call, reply.status());
    byte[] answer = reply.body().getBytes(StandardCharsets.UTF_8);
    synchronized (log) {
      headers.forEach(exchange.getResponseHeaders()::set);
    }
    reply.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(reply.status(), answer.length == 0 ? -1 : answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private StubCall enter(HttpExchange exchange, byte[] body) {
    Map<String, Object> fields =
        body.length == 0
            ? new LinkedHashMap<>()
            : ProviderJson.MAPPER.readValue(
                body, new TypeReference<LinkedHashMap<String, Object>>() {});
    Object texts = fields.remove(dialect.textsField());
    Map<String, String> sent = new LinkedHashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> sent.put(name.toLowerCase(Locale.ROOT), values.get(0)));
    synchronized (log) {
      StubCall call =
          new StubCall(
              log.size() + 1,
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              texts instanceof List<?> list
                  ? list.stream().map(String::valueOf).toList()
                  : List.of(),
              fields,
              sent,
              0);
      log.add(call);
      return call;
    }
  }

  private void leave(StubCall call, int status) {
    synchronized (log) {
      log.set(call.number() - 1, call.answered(status));
    }
  }

  private StubReply reply(StubCall call, int bodyBytes) {
    StubReply scripted = script.apply(call);
    synchronized (log) {
      scripted = scripted == null ? next.poll() : scripted;
    }
    if (scripted != null) {
      return scripted;
    }
    StubLimits refusals = new StubLimits(dialect, limits, counter);
    String sentKey = call.headers().get(dialect.keyHeader().toLowerCase(Locale.ROOT));
    if (key != null && !dialect.keyValue(key).equals(sentKey)) {
      return refusals.error(401, "Incorrect API key provided: " + sentKey, "invalid_api_key");
    }
    if (call.path().endsWith("/info")) {
      return info();
    }
    if (!URI.create(call.path()).getPath().endsWith("/" + dialect.path())) {
      return refusals.error(404, "no such path: " + call.path(), "not_found");
    }
    if (!"stub-model".equals(call.fields().get("model"))) {
      return refusals.error(404, "The model does not exist", "model_not_found");
    }
    if (!understandsBase64 && call.fields().containsKey("encoding_format")) {
      return refusals.error(400, "encoding_format: unknown field", "invalid_request_error");
    }
    StubReply refusal = refusals.check(call.texts(), bodyBytes);
    return refusal == null ? StubReply.of(200, vectors(call)) : refusal;
  }

  private StubReply info() {
    return StubReply.of(
        200,
        """
        {"model_id": "stub-model", "max_input_length": %d, "max_batch_tokens": 16384,
         "max_client_batch_size": %d, "auto_truncate": false, "version": "1.8.2"}
        """
            .formatted(limits.maxTokensPerInput(), limits.maxInputs()));
  }

  private String vectors(StubCall call) {
    boolean base64 = "base64".equals(call.fields().get("encoding_format"));
    Object asked = call.fields().get(dialect.dimensionsField());
    int length = asked instanceof Integer fewer ? fewer : dimensions;
    List<Object> vectors =
        call.texts().stream().map(text -> vector(vectorOf(text, length), base64)).toList();
    int tokens = call.texts().stream().mapToInt(text -> (text.length() + 3) / 4).sum();
    Map<String, Object> body =
        switch (dialect) {
          case COHERE ->
              Map.of(
                  "embeddings", Map.of("float", vectors),
                  "meta", Map.of("billed_units", Map.of("input_tokens", tokens)));
          case OLLAMA -> Map.of("embeddings", vectors, "prompt_eval_count", tokens);
          default -> Map.of("object", "list", "data", items(vectors), "usage", usage(tokens));
        };
    return ProviderJson.MAPPER.writeValueAsString(body);
  }

  private Map<String, Object> usage(int tokens) {
    return dialect == EmbeddingDialect.VOYAGE
        ? Map.of("total_tokens", tokens)
        : Map.of("prompt_tokens", tokens, "total_tokens", tokens);
  }

  // The last first: who does not look at the index mixes them up.
  private static List<Map<String, Object>> items(List<Object> vectors) {
    return IntStream.iterate(vectors.size() - 1, i -> i >= 0, i -> i - 1)
        .mapToObj(
            i ->
                Map.<String, Object>of(
                    "object", "embedding", "index", i, "embedding", vectors.get(i)))
        .toList();
  }

  static Object vector(float[] vector, boolean base64) {
    if (!base64) {
      return vector;
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  /** Stops at once; requests under way get no answer. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
