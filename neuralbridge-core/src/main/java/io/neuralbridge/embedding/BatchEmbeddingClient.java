package io.neuralbridge.embedding;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * OpenAI's Batch API: embeds up to 50,000 texts within 24 hours, mostly far sooner, at half the
 * price, and apart from the limits of the other calls.
 *
 * <pre>{@code
 * BatchEmbeddingClient client = BatchEmbeddingClient.of(model);
 * EmbeddingBatch batch = client.submit("reprocess-7/0", texts, InputType.DOCUMENT);
 * …                                    // keep the batch, come back in a while
 * batch = client.poll(batch);
 * if (batch.state().isFinal()) {
 *   client.results(batch, result -> …);
 * }
 * }</pre>
 *
 * <p>A batch is submitted under a key that the caller chooses and can choose again: {@link #submit}
 * looks for a batch of that key before it makes one, so a process that died before it could keep
 * the batch does not pay twice. Two that submit one key at the same moment do; a job's lease keeps
 * them apart.
 *
 * <p>No call retries or sleeps. Failures are {@link EmbeddingException}s, as those of {@link
 * HttpEmbeddingModel}. Texts and results pass through temporary files, so memory stays flat. Safe
 * for use by many threads at once.
 */
public final class BatchEmbeddingClient {

  /** How many texts a batch may hold. */
  public static final int MOST_TEXTS = 50_000;

  /** How many bytes the file of a batch may have: 200 MB. */
  public static final long MOST_BYTES = 200_000_000;

  private static final Set<EmbeddingDialect> SPEAKERS =
      Set.of(EmbeddingDialect.OPENAI, EmbeddingDialect.AZURE_OPENAI);
  private static final String KEY = "neuralbridge_key";
  private static final int LONGEST_KEY = 512;
  private static final int PAGE = 100;

  /** Batches are not looked for beyond this age, which no caller waits for. */
  private static final Duration OLDEST = Duration.ofDays(31);

  private final HttpEmbeddingModel model;
  private final BatchCalls calls;

  private BatchEmbeddingClient(HttpEmbeddingModel model, Duration transferTimeout) {
    this.model = model;
    this.calls = new BatchCalls(model, transferTimeout);
  }

  /** A client for the model's provider, whose files may take 15 minutes to come and go. */
  public static BatchEmbeddingClient of(HttpEmbeddingModel model) {
    return of(model, Duration.ofMinutes(15));
  }

  /**
   * A client for the model's provider.
   *
   * @param transferTimeout how long a file may take to come or go
   * @throws IllegalArgumentException if the model's dialect has no Batch API
   */
  public static BatchEmbeddingClient of(HttpEmbeddingModel model, Duration transferTimeout) {
    EmbeddingDialect dialect = model.settings().dialect();
    if (!SPEAKERS.contains(dialect)) {
      throw new IllegalArgumentException(
          "%s has no Batch API that NeuralBridge knows, only %s have".formatted(dialect, SPEAKERS));
    }
    return new BatchEmbeddingClient(model, transferTimeout);
  }

  /** How many of the texts, from the first on, fit into one batch; at least 1 unless none are. */
  public int fitting(List<BatchText> texts, InputType type) {
    return fitting(texts, type, MOST_BYTES);
  }

  int fitting(List<BatchText> texts, InputType type, long mostBytes) {
    long bytes = 0;
    int most = Math.min(MOST_TEXTS, texts.size());
    for (int i = 0; i < most; i++) {
      bytes += BatchFile.line(texts.get(i), type, model.settings(), model.speaksBase64()).length;
      if (bytes > mostBytes) {
        return Math.max(1, i);
      }
    }
    return most;
  }

  /**
   * Submits texts, unless a batch of this key exists already: then returns that one, whatever its
   * state and its texts. To submit again what failed, take another key.
   *
   * @param key 1 to 512 characters
   * @param texts 1 to {@link #MOST_TEXTS}, each id once; read once
   * @throws IllegalArgumentException if the texts are none, too many or too large, or an id twice
   * @throws EmbeddingException if a call fails; whether the batch was made shows the next {@code
   *     submit}
   */
  public EmbeddingBatch submit(String key, Iterable<BatchText> texts, InputType type) {
    Optional<EmbeddingBatch> existing = find(key);
    if (existing.isPresent()) {
      return existing.get();
    }
    String fileId = upload(texts, type);
    return batch(
        calls.post(
            "batches",
            Map.of(
                "input_file_id",
                fileId,
                "endpoint",
                "/v1/embeddings",
                "completion_window",
                "24h",
                "metadata",
                Map.of(KEY, key))));
  }

  private String upload(Iterable<BatchText> texts, InputType type) {
    try (BatchFile file = BatchFile.write(texts, type, model.settings(), model.speaksBase64())) {
      return required(calls.upload(file), "id");
    } catch (IOException e) {
      throw BatchCalls.noTemporaryFile(e);
    }
  }

  /** The newest batch of this key, of the last 31 days. */
  public Optional<EmbeddingBatch> find(String key) {
    if (key.isBlank() || key.length() > LONGEST_KEY) {
      throw new IllegalArgumentException(
          "a batch's key must be 1 to %d characters: '%s'".formatted(LONGEST_KEY, key));
    }
    String after = "";
    long newest = Long.MIN_VALUE;
    while (true) {
      JsonNode page = calls.get("batches", "limit=" + PAGE + after);
      JsonNode last = null;
      for (JsonNode each : page.path("data")) {
        if (key.equals(each.path("metadata").path(KEY).asString(""))) {
          return Optional.of(batch(each));
        }
        last = each;
      }
      if (last == null || !page.path("has_more").asBoolean(false)) {
        return Optional.empty();
      }
      newest = Math.max(newest, page.path("data").path(0).path("created_at").asLong(0));
      if (newest - last.path("created_at").asLong(0) > OLDEST.toSeconds()) {
        return Optional.empty();
      }
      after = "&after=" + URLEncoder.encode(required(last, "id"), StandardCharsets.UTF_8);
    }
  }

  /** The batch as it is now. */
  public EmbeddingBatch poll(EmbeddingBatch batch) {
    return batch(calls.get("batches/" + batch.id(), ""));
  }

  /** Asks the provider to stop; what it has embedded by then is kept, and paid for. */
  public EmbeddingBatch cancel(EmbeddingBatch batch) {
    return batch(calls.post("batches/" + batch.id() + "/cancel", Map.of()));
  }

  /**
   * Reads what became of the texts, one by one, in any order; may be read again until the files are
   * {@linkplain #discard discarded}. A text of which nothing comes was not embedded.
   *
   * @param batch in a {@linkplain BatchState#isFinal() final} state, as {@link #poll} returned it
   * @param sink told of each result; what it throws ends the reading
   * @throws IllegalStateException if the batch is not final
   */
  public void results(EmbeddingBatch batch, Consumer<BatchResult> sink) {
    if (!batch.state().isFinal()) {
      throw new IllegalStateException(
          "batch '%s' is %s: poll until it is final".formatted(batch.key(), batch.state()));
    }
    read(batch.outputFileId(), sink);
    read(batch.errorFileId(), sink);
  }

  private void read(@Nullable String fileId, Consumer<BatchResult> sink) {
    if (fileId == null) {
      return;
    }
    try {
      Path file = calls.download(fileId);
      try {
        new BatchLines(model.settings()).read(file, sink);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw BatchCalls.noTemporaryFile(e);
    }
  }

  /** Deletes the files at the provider, which keeps them for 30 days otherwise. */
  public void discard(EmbeddingBatch batch) {
    Stream.of(
            Optional.of(batch.inputFileId()),
            Optional.ofNullable(batch.outputFileId()),
            Optional.ofNullable(batch.errorFileId()))
        .flatMap(Optional::stream)
        .forEach(calls::deleteFile);
  }

  private EmbeddingBatch batch(JsonNode node) {
    JsonNode counts = node.path("request_counts");
    JsonNode problem = node.path("errors").path("data").path(0);
    String said = text(problem, "message");
    return new EmbeddingBatch(
        node.path("metadata").path(KEY).asString(""),
        required(node, "id"),
        BatchState.of(node.path("status").asString("")),
        required(node, "input_file_id"),
        text(node, "output_file_id"),
        text(node, "error_file_id"),
        counts.path("total").asInt(0),
        counts.path("completed").asInt(0),
        counts.path("failed").asInt(0),
        text(problem, "code"),
        said == null ? null : SafeText.of(said, null, List.of()),
        node.path("created_at").asLong(0));
  }

  private String required(JsonNode node, String field) {
    String value = text(node, field);
    if (value == null) {
      throw calls.notUnderstood("there is no " + field);
    }
    return value;
  }

  private static @Nullable String text(JsonNode node, String field) {
    String value = node.path(field).asString("");
    return value.isEmpty() ? null : value;
  }
}
