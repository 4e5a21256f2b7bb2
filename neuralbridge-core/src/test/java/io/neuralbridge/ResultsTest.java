package io.neuralbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.job.JobException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultsTest {

  record Count(int n, List<String> names) {}

  @Test
  void writesRecordsMapsAndPlainValues() {
    assertThat(Results.toJson(new Count(2, List.of("a", "b"))))
        .isEqualTo("{\"n\":2,\"names\":[\"a\",\"b\"]}");
    assertThat(Results.toJson(Map.of("k", 1.5))).isEqualTo("{\"k\":1.5}");
    assertThat(Results.toJson("ä\"")).isEqualTo("\"ä\\\"\"");
    assertThat(Results.toJson(null)).isNull();
  }

  @Test
  void takesResultsUpToTheBoundInBytes() {
    assertThat(Results.toJson("x".repeat(Results.MAX_BYTES - 2))).hasSize(Results.MAX_BYTES);
    assertThatThrownBy(() -> Results.toJson("ä".repeat(Results.MAX_BYTES / 2)))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("65,538 bytes")
        .hasMessageContaining("65,536");
  }
}
