package io.neuralbridge;

import io.neuralbridge.job.JobException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Results to JSON, bounded. */
final class Results {

  static final int MAX_BYTES = 64 * 1024;

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Results() {}

  static @Nullable String toJson(@Nullable Object result) {
    if (result == null) {
      return null;
    }
    String json;
    try {
      json = MAPPER.writeValueAsString(result);
    } catch (JacksonException e) {
      throw new JobException(
          "invalid_result",
          "the job is done, but its result of type %s cannot be written as JSON: %s"
              .formatted(result.getClass().getName(), e.getOriginalMessage()),
          e);
    }
    int bytes = json.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_BYTES) {
      throw new JobException(
          "invalid_result",
          "the job is done, but its result takes %,d bytes of JSON and at most %,d are kept"
              .formatted(bytes, MAX_BYTES));
    }
    return json;
  }
}
