package io.neuralbridge.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** That the benchmark still runs; it says nothing of speed. */
class PostgresQueueBenchmarkTest {

  @Test
  void everyContestantRunsEveryJobOnceInEveryMeasure() throws Exception {
    String url = System.getenv("NEURALBRIDGE_TEST_POSTGRES_URL");

    QueueFigures figures = QueueBenchmark.run(new BenchOptions(300, 1, 0, 5, 300, url));

    assertThat(figures.contestants()).hasSize(3);
    assertThat(figures.contestants())
        .allSatisfy(
            contestant -> {
              for (QueueFigures.Measure measure : QueueFigures.Measure.values()) {
                assertThat(figures.median(contestant, measure)).as("%s", measure).isPositive();
              }
            });
  }
}
