package io.neuralbridge.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * That the benchmark still runs, and finds nothing lost or paid twice; it says nothing of speed.
 */
class PostgresEmbeddingBenchmarkTest {

  @Test
  void everyContestantStoresEveryChunkAndNeuralBridgeAsksForNoneTwice() throws Exception {
    String url = System.getenv("NEURALBRIDGE_TEST_POSTGRES_URL");
    EmbeddingBenchOptions options = EmbeddingBenchOptions.parse("--quick");

    EmbeddingBenchmark.Figures figures =
        EmbeddingBenchmark.run(url == null ? options : options.with("--url", url));

    assertThat(figures.ingest().contestants()).hasSize(8);
    assertThat(figures.faults().contestants()).hasSize(8);
    for (String own : new String[] {BridgeIngest.ON_H2, BridgeIngest.ON_POSTGRES}) {
      assertThat(figures.again().median(own, result -> result.provider().requests())).isZero();
      assertThat(figures.faults().median(own, EmbeddingResult::lost)).isZero();
      assertThat(figures.faults().median(own, result -> result.provider().repeated())).isZero();
      assertThat(figures.faults().median(own, result -> result.provider().refused())).isPositive();
    }
  }
}
