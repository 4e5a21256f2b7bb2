package io.neuralbridge.embedding;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * OpenAI's Batch API beside a {@link StubEmbeddingServer}: files, and batches that stand still
 * until a test moves them on. What it made is the judge of what was paid for.
 */
public final class StubBatchApi {

  /** A batch that was made. */
  private static final class Batch {
    final String id;
    final Map<String, Object> fields;
    final int number;
    String status = "validating";
    @Nullable String output;
    @Nullable String errors;
    int completed;
    int failed;
    Map<String, Object> problems = Map.of();

    Batch(int number, Map<String, Object> fields) {
      this.number = number;
      this.id = "batch_" + number;
      this.fields = fields;
    }
  }

  private final int dimensions;
  private final Map<String, String> files = new LinkedHashMap<>();
  private final List<Batch> batches = new ArrayList<>();
  private final Map<String, String> failures = new LinkedHashMap<>();
  private final AtomicBoolean losesNextAnswer = new AtomicBoolean();
  private volatile int pageSize = 100;

  StubBatchApi(HttpServer server, int dimensions) {
    this.dimensions = dimensions;
    server.createContext("/v1/files", this::handle);
    server.createContext("/v1/batches", this::handle);
  }

  /** The ids of all batches that were made, the oldest first. */
  public synchronized List<String> made() {
    return batches.stream().map(batch -> batch.id).toList();
  }

  /** The ids of all files that are there. */
  public synchronized List<String> files() {
    return List.copyOf(files.keySet());
  }

  /** The lines of the texts of a batch. */
  public synchronized List<String> lines(String batchId) {
    return lines(batch(batchId));
  }

  /** How many batches a page has at most. */
  public void pageSize(int pageSize) {
    this.pageSize = pageSize;
  }

  /** The next batch is made, but nobody is told: the client's process died, or the line broke. */
  public void loseNextAnswer() {
    losesNextAnswer.set(true);
  }

  /** The text of this id will fail so: {@code {"status_code": …}}'s body is an OpenAI error. */
  public synchronized void failing(String customId, int status, String message, String code) {
    failures.put(
        customId,
        json(
            Map.of(
                "status_code",
                status,
                "body",
                Map.of("error", Map.of("message", message, "type", code, "code", code)))));
  }

  public synchronized void status(String batchId, String status) {
    batch(batchId).status = status;
  }

  /** Refuses a batch as too much for the queue, or whatever the code says. */
  public synchronized void refuse(String batchId, String code, String message) {
    Batch batch = batch(batchId);
    batch.status = "failed";
    batch.problems = Map.of("data", List.of(Map.of("code", code, "message", message)));
  }

  /** Embeds all, the last first. */
  public void complete(String batchId) {
    end(batchId, "completed", Integer.MAX_VALUE);
  }

  /** Embeds the first few; the time is over for the others. */
  public void expire(String batchId, int embedded) {
    end(batchId, "expired", embedded);
  }

  private synchronized void end(String batchId, String status, int embedded) {
    Batch batch = batch(batchId);
    List<String> output = new ArrayList<>();
    List<String> errors = new ArrayList<>();
    for (String line : lines(batch)) {
      JsonNode request = ProviderJson.MAPPER.readTree(line);
      String id = request.path("custom_id").asString();
      String failure = failures.get(id);
      if (output.size() + errors.size() >= embedded) {
        errors.add(expired(id));
      } else if (failure != null) {
        errors.add(result(id, failure));
      } else {
        output.add(result(id, answer(request.path("body"))));
      }
    }
    Collections.reverse(output);
    batch.output = output.isEmpty() ? null : file(output);
    batch.errors = errors.isEmpty() ? null : file(errors);
    batch.completed = output.size();
    batch.failed = errors.size();
    batch.status = status;
  }

  /** Replaces the file of a batch's vectors. */
  public synchronized void corruptOutput(String batchId, String content) {
    files.put(String.valueOf(batch(batchId).output), content);
  }

  private String answer(JsonNode body) {
    String text = body.path("input").path(0).asString();
    boolean base64 = "base64".equals(body.path("encoding_format").asString(""));
    int tokens = (text.length() + 3) / 4;
    return json(
        Map.of(
            "status_code",
            200,
            "body",
            Map.of(
                "data",
                List.of(
                    Map.of(
                        "index",
                        0,
                        "embedding",
                        StubEmbeddingServer.vector(
                            StubEmbeddingServer.vectorOf(text, dimensions), base64))),
                "usage",
                Map.of("prompt_tokens", tokens, "total_tokens", tokens))));
  }

  private static String result(String id, String response) {
    return "{\"id\":\"r\",\"custom_id\":%s,\"response\":%s,\"error\":null}"
        .formatted(json(id), response);
  }

  private static String expired(String id) {
    return "{\"id\":\"r\",\"custom_id\":%s,\"response\":null,\"error\":{\"code\":\"batch_expired\",\"message\":\"This request could not be executed before the completion window expired.\"}}"
        .formatted(json(id));
  }

  private String file(List<String> lines) {
    String id = "file-" + (files.size() + 1) + "-" + batches.size();
    files.put(id, String.join("\n", lines) + "\n");
    return id;
  }

  private Batch batch(String id) {
    return batches.stream().filter(each -> each.id.equals(id)).findFirst().orElseThrow();
  }

  private List<String> lines(Batch batch) {
    return files.get((String) batch.fields.get("input_file_id")).lines().toList();
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String path = exchange.getRequestURI().getPath().substring("/v1/".length());
    String[] parts = path.split("/");
    String answer;
    synchronized (this) {
      answer = answer(exchange, parts, body);
    }
    if (answer != null && losesNextAnswer.get() && isCreation(exchange, path)) {
      losesNextAnswer.set(false);
      exchange.close();
      return;
    }
    byte[] bytes =
        (answer == null ? "{\"error\":{\"message\":\"No such object\"}}" : answer)
            .getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer == null ? 404 : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static boolean isCreation(HttpExchange exchange, String path) {
    return exchange.getRequestMethod().equals("POST") && path.equals("batches");
  }

  private @Nullable String answer(HttpExchange exchange, String[] parts, byte[] body) {
    boolean file = parts[0].equals("files");
    if (parts.length == 1) {
      if (exchange.getRequestMethod().equals("GET")) {
        return page(String.valueOf(exchange.getRequestURI().getQuery()));
      }
      return file ? upload(body) : create(body);
    }
    if (file) {
      if (exchange.getRequestMethod().equals("DELETE")) {
        return files.remove(parts[1]) == null ? null : "{\"deleted\":true}";
      }
      return files.get(parts[1]);
    }
    Batch batch =
        batches.stream().filter(each -> each.id.equals(parts[1])).findFirst().orElse(null);
    if (batch != null && parts.length == 3) {
      batch.status = "cancelling";
    }
    return batch == null ? null : json(described(batch));
  }

  private String upload(byte[] body) {
    String form = new String(body, StandardCharsets.UTF_8);
    String boundary = form.substring(0, form.indexOf("\r\n"));
    String[] sections = form.split(Pattern.quote(boundary), -1);
    String purpose = content(sections[1]);
    if (!purpose.equals("batch") || !sections[2].contains("filename=")) {
      throw new IllegalStateException("no batch file: " + Arrays.toString(sections));
    }
    String id = "file-in" + (files.size() + 1) + "-" + batches.size();
    files.put(id, content(sections[2]));
    return json(Map.of("id", id, "purpose", purpose));
  }

  private static String content(String section) {
    int start = section.indexOf("\r\n\r\n") + 4;
    return section.substring(start, section.length() - 2);
  }

  private String create(byte[] body) {
    JsonNode tree = ProviderJson.MAPPER.readTree(body);
    Map<String, Object> fields = new LinkedHashMap<>();
    for (String name : List.of("input_file_id", "endpoint", "completion_window")) {
      fields.put(name, tree.path(name).asString());
    }
    fields.put("metadata", tree.path("metadata"));
    Batch batch = new Batch(batches.size() + 1, fields);
    batches.add(batch);
    return json(described(batch));
  }

  private String page(String query) {
    List<Batch> newestFirst = new ArrayList<>(batches);
    Collections.reverse(newestFirst);
    int at = query.indexOf("after=");
    if (at >= 0) {
      Batch last = batch(query.substring(at + "after=".length()));
      newestFirst = newestFirst.subList(newestFirst.indexOf(last) + 1, newestFirst.size());
    }
    List<Map<String, Object>> data =
        newestFirst.stream().limit(pageSize).map(this::described).toList();
    return json(Map.of("data", data, "has_more", newestFirst.size() > pageSize));
  }

  private Map<String, Object> described(Batch batch) {
    Map<String, Object> all = new LinkedHashMap<>(batch.fields);
    all.put("id", batch.id);
    all.put("status", batch.status);
    all.put("created_at", 1_760_000_000L + batch.number);
    all.put("output_file_id", batch.output);
    all.put("error_file_id", batch.errors);
    all.put("errors", batch.problems);
    int total =
        files.containsKey((String) batch.fields.get("input_file_id")) ? lines(batch).size() : 0;
    all.put(
        "request_counts",
        Map.of("total", total, "completed", batch.completed, "failed", batch.failed));
    return all;
  }

  private static String json(Object value) {
    return ProviderJson.MAPPER.writeValueAsString(value);
  }
}
