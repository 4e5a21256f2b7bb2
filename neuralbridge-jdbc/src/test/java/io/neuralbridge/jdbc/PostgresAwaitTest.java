package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.Builder;
import io.neuralbridge.NeuralBridge;
import io.neuralbridge.jdbc.testing.PostgresDatabase;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A client that runs nothing awaits what a node on the same database runs. */
class PostgresAwaitTest {

  @RegisterExtension static final PostgresDatabase POSTGRES = new PostgresDatabase();

  private static final class Shout implements Worker<String> {
    @Override
    public JobType<String> type() {
      return Jobs.TYPE;
    }

    @Override
    public Outcome work(JobContext<String> context) {
      return Outcome.completed(context.args() + "!");
    }
  }

  @Test
  void manyJobsAreAwaitedAcrossBridges() throws Exception {
    try (NeuralBridge client = bridge().build();
        NeuralBridge node = bridge().worker(new Shout()).build()) {
      List<Job> jobs =
          client.enqueueAll(
              IntStream.range(0, 1_500).mapToObj(i -> Jobs.TYPE.request("job " + i)).toList());
      List<CompletableFuture<Job>> futures = new ArrayList<>();
      jobs.forEach(job -> futures.add(client.await(job)));

      node.start();

      for (int i = 0; i < jobs.size(); i++) {
        Job done = futures.get(i).get(60, TimeUnit.SECONDS);
        assertThat(done.result(String.class)).isEqualTo("job " + i + "!");
      }
    }
  }

  private static Builder bridge() {
    return NeuralBridge.builder().store(JdbcBackend.of(POSTGRES.dataSource()).queue());
  }
}
