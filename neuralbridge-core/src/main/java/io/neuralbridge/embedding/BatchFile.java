package io.neuralbridge.embedding;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The texts of a batch as a provider wants them, in a temporary file: memory stays flat. */
final class BatchFile implements AutoCloseable {

  private final Path path;
  private final String boundary = "neuralbridge-" + UUID.randomUUID();

  private BatchFile(Path path) {
    this.path = path;
  }

  /**
   * Writes one request a line.
   *
   * @throws IllegalArgumentException if there are no texts, too many, too large, or an id twice
   */
  static BatchFile write(
      Iterable<BatchText> texts, InputType type, HttpModelSettings settings, boolean base64) {
    try {
      BatchFile file = new BatchFile(Files.createTempFile("neuralbridge-batch", ".jsonl"));
      try {
        file.fill(texts, type, settings, base64);
        return file;
      } catch (IOException | RuntimeException e) {
        file.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the texts of a batch cannot be kept in a temporary file", e);
    }
  }

  private void fill(
      Iterable<BatchText> texts, InputType type, HttpModelSettings settings, boolean base64)
      throws IOException {
    Set<String> ids = new HashSet<>();
    long bytes = 0;
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path))) {
      for (BatchText text : texts) {
        if (!ids.add(text.id())) {
          throw new IllegalArgumentException("id '%s' is twice in a batch".formatted(text.id()));
        }
        byte[] line = line(text, type, settings, base64);
        bytes += line.length;
        if (ids.size() > BatchEmbeddingClient.MOST_TEXTS
            || bytes > BatchEmbeddingClient.MOST_BYTES) {
          throw new IllegalArgumentException(
              "a batch holds at most %,d texts and %,d bytes: ask fitting(…) how many"
                  .formatted(BatchEmbeddingClient.MOST_TEXTS, BatchEmbeddingClient.MOST_BYTES));
        }
        out.write(line);
      }
    }
    if (ids.isEmpty()) {
      throw new IllegalArgumentException("a batch needs a text");
    }
  }

  static byte[] line(BatchText text, InputType type, HttpModelSettings settings, boolean base64) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    line.writeBytes(utf8("{\"custom_id\":"));
    line.writeBytes(ProviderJson.MAPPER.writeValueAsBytes(text.id()));
    line.writeBytes(utf8(",\"method\":\"POST\",\"url\":\"/v1/embeddings\",\"body\":"));
    line.writeBytes(ProviderJson.request(settings, List.of(text.text()), type, base64));
    line.writeBytes(utf8("}\n"));
    return line.toByteArray();
  }

  String contentType() {
    return "multipart/form-data; boundary=" + boundary;
  }

  /** The file as a form, of known length. */
  BodyPublisher form() {
    String head =
        """
        --%1$s\r
        Content-Disposition: form-data; name="purpose"\r
        \r
        batch\r
        --%1$s\r
        Content-Disposition: form-data; name="file"; filename="neuralbridge.jsonl"\r
        Content-Type: application/jsonl\r
        \r
        """
            .formatted(boundary);
    try {
      return BodyPublishers.concat(
          BodyPublishers.ofByteArray(utf8(head)),
          BodyPublishers.ofFile(path),
          BodyPublishers.ofByteArray(utf8("\r\n--" + boundary + "--\r\n")));
    } catch (IOException e) {
      throw new UncheckedIOException("the temporary file of a batch is gone", e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path);
  }
}
