package io.neuralbridge.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class JobErrorTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void anExceptionGivesItsClassItsMessageAndItsTrace() {
    JobError error = JobError.of(3, NOW, new IllegalStateException("why"));

    assertThat(error.attempt()).isEqualTo(3);
    assertThat(error.code()).isEqualTo("java.lang.IllegalStateException");
    assertThat(error.message()).isEqualTo("why");
    assertThat(error.trace()).contains("anExceptionGivesItsClass");
  }

  @Test
  void aJobExceptionGivesItsCode() {
    assertThat(JobError.of(1, NOW, new JobException("chunk_not_found", "x")).code())
        .isEqualTo("chunk_not_found");
  }

  @Test
  void anExceptionWithoutAMessageGivesItsName() {
    assertThat(JobError.of(1, NOW, new NullPointerException()).message())
        .isEqualTo("NullPointerException");
  }

  @Test
  void everythingIsBounded() {
    JobError error = JobError.of(1, NOW, new IllegalStateException("x".repeat(100_000)));

    assertThat(error.message()).hasSize(2_000).endsWith("…");
    assertThat(error.trace()).hasSize(8_000).endsWith("…");
    assertThat(JobError.of(1, NOW, "c".repeat(300), "m").code()).hasSize(200);
    assertThat(JobError.of(1, NOW, "c", "m".repeat(2_000)).message()).isEqualTo("m".repeat(2_000));
  }

  @Test
  void noCharacterIsCutInHalf() {
    String message = JobError.of(1, NOW, "c", "\uD83D\uDE80".repeat(2_000)).message();

    assertThat(message).hasSizeLessThanOrEqualTo(2_000).endsWith("\uDE80…");
    String shifted = JobError.of(1, NOW, "c", "x" + "\uD83D\uDE80".repeat(2_000)).message();
    assertThat(shifted).hasSizeLessThanOrEqualTo(2_000).endsWith("\uDE80…");
  }

  @Test
  void aNulCharacterIsReplaced() {
    assertThat(JobError.of(1, NOW, "a\0b", "c\0d"))
        .isEqualTo(new JobError(1, NOW, "a\uFFFDb", "c\uFFFDd", ""));
  }

  @Test
  void aCircularCauseEnds() {
    Exception a = new Exception("a");
    Exception b = new Exception("b", a);
    a.initCause(b);

    assertThat(JobError.of(1, NOW, a).trace()).startsWith("java.lang.Exception: a");
  }
}
