package io.neuralbridge.embedding;

import io.neuralbridge.embedding.EmbeddingException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The calls that a batch takes: files up and down, and JSON. */
final class BatchCalls {

  private static final long MOST_BYTES = 8L << 20;

  private final HttpEmbeddingModel model;
  private final HttpModelSettings settings;
  private final Duration transferTimeout;

  BatchCalls(HttpEmbeddingModel model, Duration transferTimeout) {
    this.model = model;
    this.settings = model.settings();
    this.transferTimeout = transferTimeout;
  }

  JsonNode get(String path, String query) {
    return json(HttpRequest.newBuilder(uri(path, query)).GET(), settings.timeout());
  }

  JsonNode post(String path, Map<String, Object> body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path, ""))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(ProviderJson.MAPPER.writeValueAsBytes(body)));
    return json(request, settings.timeout());
  }

  JsonNode upload(BatchFile file) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri("files", ""))
            .header("Content-Type", file.contentType())
            .POST(file.form());
    return json(request, transferTimeout);
  }

  /** {@code false} if there is no such file any more. */
  boolean deleteFile(String id) {
    try {
      json(HttpRequest.newBuilder(uri("files/" + id, "")).DELETE(), settings.timeout());
      return true;
    } catch (EmbeddingException e) {
      if (e.reason() == Reason.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  /** A file in a temporary one, which the caller deletes: a slow reader holds no connection. */
  Path download(String fileId) throws IOException {
    Path target = Files.createTempFile("neuralbridge-results", ".jsonl");
    try {
      download(fileId, target);
      return target;
    } catch (RuntimeException e) {
      Files.deleteIfExists(target);
      throw e;
    }
  }

  private void download(String fileId, Path target) {
    String key = model.calls().key();
    BodyHandler<byte[]> handler =
        info ->
            info.statusCode() == 200
                ? BodySubscribers.mapping(BodySubscribers.ofFile(target), path -> new byte[0])
                : BoundedBody.of(MOST_BYTES).apply(info);
    HttpResponse<byte[]> answer =
        model
            .calls()
            .send(
                HttpRequest.newBuilder(uri("files/" + fileId + "/content", "")).GET(),
                key,
                handler,
                transferTimeout);
    if (answer.statusCode() != 200) {
      throw model.refused(answer.statusCode(), answer, key, List.of());
    }
  }

  private JsonNode json(HttpRequest.Builder request, Duration timeout) {
    String key = model.calls().key();
    HttpResponse<byte[]> answer =
        model.calls().send(request, key, BoundedBody.of(MOST_BYTES), timeout);
    if (answer.statusCode() / 100 != 2) {
      throw model.refused(answer.statusCode(), answer, key, List.of());
    }
    try {
      return ProviderJson.MAPPER.readTree(answer.body());
    } catch (JacksonException e) {
      throw notUnderstood(SafeText.of(e.getOriginalMessage(), key, List.of()));
    }
  }

  EmbeddingException notUnderstood(@Nullable String what) {
    return new EmbeddingException(Reason.BAD_RESPONSE, settings + " cannot be understood: " + what);
  }

  // The provider's own ids are put into paths: nothing in them may lead elsewhere.
  private URI uri(String path, String query) {
    URI endpoint = settings.endpoint(path.replaceAll("[^A-Za-z0-9/_-]", "_"));
    if (query.isEmpty()) {
      return endpoint;
    }
    return URI.create(endpoint + (endpoint.getRawQuery() == null ? "?" : "&") + query);
  }

  static UncheckedIOException noTemporaryFile(IOException cause) {
    return new UncheckedIOException("the results of a batch need a temporary file", cause);
  }
}
