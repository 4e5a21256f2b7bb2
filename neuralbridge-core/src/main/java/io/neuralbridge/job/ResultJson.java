package io.neuralbridge.job;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Stored results to values. Unknown properties are ignored, as in arguments. */
final class ResultJson {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private ResultJson() {}

  static <T> T read(Job job, Class<T> type) {
    if (job.state() != JobState.COMPLETED) {
      throw new JobException(
          "no_result",
          "job %d (%s) is %s and has no result; its errors tell why"
              .formatted(job.id(), job.kind(), job.state()));
    }
    if (job.result() == null) {
      throw new JobException(
          "no_result",
          "job %d (%s) completed without a result; let its worker return Outcome.completed(result)"
              .formatted(job.id(), job.kind()));
    }
    try {
      T result = MAPPER.readValue(job.result(), type);
      if (result != null) {
        return result;
      }
    } catch (JacksonException e) {
      throw new JobException("invalid_result", unreadable(job, type, e.getOriginalMessage()), e);
    }
    throw new JobException("invalid_result", unreadable(job, type, "it is null"));
  }

  private static String unreadable(Job job, Class<?> type, String reason) {
    return "the result of job %d (%s) is not a %s: %s"
        .formatted(job.id(), job.kind(), type.getSimpleName(), reason);
  }
}
