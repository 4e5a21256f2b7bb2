package io.neuralbridge.examples.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An embedding provider in a process of its own, for {@link EmbeddingBenchmark}: cheap, so that it
 * takes little from those that are measured beside it. The core's own stub reads a request into a
 * tree, counts its tokens and computes vectors, which takes more than a core at this rate.
 *
 * <p>It speaks as OpenAI ({@code /v1/embeddings}) and as Ollama ({@code /api/embed}) do. It ends
 * when its standard input does, that is with its parent.
 */
final class ProviderServer {

  static final String BEGIN = "/control/begin";
  static final String STATS = "/control/stats";

  private final PreparedVectors vectors;
  private volatile Round round = new Round(ProviderRules.FLAWLESS);

  /** What holds from one beginning to the next. */
  private static final class Round {
    final ProviderRules rules;
    final ProviderLog log = new ProviderLog();
    final Semaphore slots;
    private final Random chance;

    Round(ProviderRules rules) {
      this.rules = rules;
      this.slots = new Semaphore(rules.slots(), true);
      this.chance = new Random(rules.seed());
    }

    /** The status of the next request. */
    synchronized int status() {
      double drawn = chance.nextDouble();
      if (drawn < rules.tooMany()) {
        return 429;
      }
      return drawn < rules.tooMany() + rules.broken() ? 500 : 200;
    }
  }

  private ProviderServer(int dimensions) {
    vectors = new PreparedVectors(dimensions);
  }

  /**
   * Says its port, and serves until its standard input ends.
   *
   * @param args the length of the vectors
   */
  public static void main(String[] args) throws IOException {
    // Or small answers wait for the delayed acknowledgement of the client's kernel, 40 ms each.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    ProviderServer provider = new ProviderServer(Integer.parseInt(args[0]));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", provider::handle);
    server.start();
    System.out.println(server.getAddress().getPort());
    System.in.transferTo(OutputStream.nullOutputStream());
    System.exit(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    try (exchange) {
      switch (path) {
        case BEGIN -> {
          round = new Round(ProviderRules.parse(exchange.getRequestURI().getQuery()));
          send(exchange, new Reply(200, new byte[0]));
        }
        case STATS -> send(exchange, stats());
        case "/v1/embeddings", "/api/embed" -> embed(exchange, path.startsWith("/v1"));
        default -> send(exchange, error(404, "no such path"));
      }
    }
  }

  private Reply stats() {
    return new Reply(200, round.log.stats().line().getBytes(StandardCharsets.US_ASCII));
  }

  private void embed(HttpExchange exchange, boolean openAi) throws IOException {
    Round now = round;
    int status = now.status();
    if (status == 429) {
      exchange.getRequestBody().readAllBytes();
      now.log.failed(status, 0);
      askForPatience(exchange, now.rules.retryAfterMillis());
      send(exchange, error(status, "Rate limit reached"));
      return;
    }
    now.slots.acquireUninterruptibly();
    Reply reply;
    try {
      reply = work(exchange.getRequestBody().readAllBytes(), now, status, openAi);
    } finally {
      now.slots.release();
    }
    send(exchange, reply);
  }

  private record Reply(int status, byte[] body) {}

  /** Takes the latency, in which the reading of the request is hidden. */
  private Reply work(byte[] body, Round now, int status, boolean openAi) {
    long begun = System.nanoTime();
    ProviderInputs inputs = ProviderInputs.read(body);
    Reply reply = reply(inputs, now.rules, status, openAi);
    long due = begun + TimeUnit.MILLISECONDS.toNanos(now.rules.latencyMillis());
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    long busy = System.nanoTime() - begun;
    if (reply.status() == 200) {
      now.log.answered(inputs.hashes(), busy);
    } else {
      now.log.failed(reply.status(), busy);
    }
    return reply;
  }

  private Reply reply(ProviderInputs inputs, ProviderRules rules, int status, boolean openAi) {
    int texts = inputs.hashes().length;
    if (texts == 0 || texts > rules.inputs()) {
      return error(400, "input: %d texts, %d allowed".formatted(texts, rules.inputs()));
    }
    if (status != 200) {
      return error(status, "The server had an error while processing your request");
    }
    return new Reply(200, openAi ? vectors.openAi(inputs) : vectors.ollama(inputs));
  }

  private static void askForPatience(HttpExchange exchange, int millis) {
    exchange.getResponseHeaders().set("retry-after-ms", Integer.toString(millis));
    exchange.getResponseHeaders().set("retry-after", Integer.toString((millis + 999) / 1_000));
  }

  private static Reply error(int status, String message) {
    String type = status == 429 ? "rate_limit_exceeded" : "server_error";
    String json = "{\"error\":{\"message\":\"%s\",\"type\":\"%s\"}}".formatted(message, type);
    return new Reply(status, json.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, Reply reply) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    int length = reply.body().length;
    exchange.sendResponseHeaders(reply.status(), length == 0 ? -1 : length);
    exchange.getResponseBody().write(reply.body());
  }
}
