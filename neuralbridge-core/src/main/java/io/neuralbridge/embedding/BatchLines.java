package io.neuralbridge.embedding;

import io.neuralbridge.embedding.EmbeddingException.Reason;
import io.neuralbridge.embedding.VectorReader.BadVectorException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads a file of results, of which each line is one text's, in any order. */
final class BatchLines {

  private static final int LONGEST = 1 << 20;
  private static final int BYTES_PER_NUMBER = 32;

  private final HttpModelSettings settings;
  private final int longest;

  BatchLines(HttpModelSettings settings) {
    this.settings = settings;
    this.longest = LONGEST + settings.dimensions() * BYTES_PER_NUMBER;
  }

  /**
   * @throws EmbeddingException if a line is no result at all
   */
  void read(Path file, Consumer<BatchResult> sink) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      for (int next = in.read(); next >= 0; next = in.read()) {
        if (next == '\n') {
          take(line, sink);
        } else {
          line.write(next);
        }
        if (line.size() > longest) {
          throw unreadable("a line is longer than %,d bytes".formatted(longest));
        }
      }
    }
    take(line, sink);
  }

  private void take(ByteArrayOutputStream line, Consumer<BatchResult> sink) {
    byte[] bytes = line.toByteArray();
    line.reset();
    if (new String(bytes, 0, Math.min(4, bytes.length), StandardCharsets.UTF_8).isBlank()) {
      return;
    }
    JsonNode tree;
    try {
      tree = ProviderJson.MAPPER.readTree(bytes);
    } catch (JacksonException e) {
      throw unreadable(
          "a line is no JSON: " + SafeText.of(e.getOriginalMessage(), null, List.of()));
    }
    String id = tree.path("custom_id").asString("");
    if (id.isEmpty()) {
      throw unreadable("a line has no custom_id");
    }
    sink.accept(result(id, tree));
  }

  private BatchResult result(String id, JsonNode tree) {
    JsonNode response = tree.path("response");
    int status = response.path("status_code").asInt(0);
    byte[] body = ProviderJson.MAPPER.writeValueAsBytes(response.path("body"));
    try {
      if (status == 200) {
        EmbeddingResponse read =
            ResponseReader.read(body, 1, settings.dimensions(), RateLimitHeaders.NONE);
        return new BatchResult(id, read.vectors().get(0), read.inputTokens(), null);
      }
      return failed(id, status, status > 0 ? body : errorOf(tree));
    } catch (BadVectorException e) {
      return failed(id, e.reason(), String.valueOf(e.getMessage()));
    } catch (JacksonException e) {
      return failed(id, Reason.BAD_RESPONSE, e.getOriginalMessage());
    }
  }

  private static byte[] errorOf(JsonNode tree) {
    return ProviderJson.MAPPER.writeValueAsBytes(tree.path("error"));
  }

  private BatchResult failed(String id, int status, byte[] body) {
    ErrorBody error = ErrorBody.of(body);
    boolean ended = error.isCalled(List.of("batch_expired", "batch_cancelled"));
    Reason reason;
    if (ended) {
      reason = Reason.TIMEOUT;
    } else {
      reason = status > 0 ? ErrorReasons.of(status, error) : Reason.SERVER_ERROR;
    }
    return failed(id, reason, error.message());
  }

  private BatchResult failed(String id, Reason reason, String said) {
    String safe = SafeText.of(said, null, List.of());
    return new BatchResult(
        id,
        null,
        0,
        new EmbeddingException(
            reason, "%s failed for text '%s' of a batch: %s".formatted(settings, id, safe)));
  }

  private EmbeddingException unreadable(String what) {
    return new EmbeddingException(
        Reason.BAD_RESPONSE,
        "the results of a batch of %s cannot be understood: %s".formatted(settings, what));
  }
}
