package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.neuralbridge.NeuralBridge;
import io.neuralbridge.event.JobEvent;
import io.neuralbridge.jdbc.testing.PostgresDatabase;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.Worker;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two nodes in two processes on one PostgreSQL, one of which comes to grief. */
@Timeout(90)
class PostgresClusterTest {

  @RegisterExtension static final PostgresDatabase POSTGRES = new PostgresDatabase();

  private final BlockingQueue<JobEvent> events = new LinkedBlockingQueue<>();

  @Test
  void theJobOfAKilledProcessRunsAgainElsewhere() throws Exception {
    try (ChildJvm node = ClusterNode.start(POSTGRES.dataSource());
        NeuralBridge bridge = bridge()) {
      Job job = enqueueAndAwaitStart(bridge, node);
      node.kill();
      bridge.start();

      JobEvent.Settled end = awaitSettled(job);

      assertThat(end.state()).isEqualTo(JobState.COMPLETED);
      assertThat(end.job().attempt()).as("a crash costs no attempt").isEqualTo(1);
      assertThat(end.job().crashes()).isEqualTo(1);
      assertThat(bridge.errors(job.id())).extracting(JobError::code).containsExactly("node_lost");
    }
  }

  @Test
  void aStoppedAndContinuedProcessCannotOverwriteWhatCameAfterIt() throws Exception {
    assumeThat(System.getProperty("os.name")).doesNotContain("Windows");
    try (ChildJvm node = ClusterNode.start(POSTGRES.dataSource());
        NeuralBridge bridge = bridge()) {
      Job job = enqueueAndAwaitStart(bridge, node);
      node.signal("STOP");
      bridge.start();
      assertThat(awaitSettled(job).state()).isEqualTo(JobState.COMPLETED);

      node.signal("CONT");
      node.awaitLine("refused " + job.id());

      assertThat(bridge.find(job.id()).orElseThrow().result()).isEqualTo("\"done\"");
      assertThat(bridge.find(job.id()).orElseThrow().state()).isEqualTo(JobState.COMPLETED);
    }
  }

  @Test
  void aProcessThatIsToldToEndHandsItsJobBackWhichIsNoCrash() throws Exception {
    assumeThat(System.getProperty("os.name")).doesNotContain("Windows");
    try (ChildJvm node = ClusterNode.start(POSTGRES.dataSource());
        NeuralBridge bridge = bridge()) {
      Job job = enqueueAndAwaitStart(bridge, node);
      node.signal("TERM");
      node.awaitEnd();
      bridge.start();

      JobEvent.Settled end = awaitSettled(job);

      assertThat(end.job().attempt()).isEqualTo(1);
      assertThat(end.job().crashes()).isZero();
      assertThat(bridge.errors(job.id())).isEmpty();
    }
  }

  private static Job enqueueAndAwaitStart(NeuralBridge bridge, ChildJvm node) throws IOException {
    Job job = bridge.enqueue(Jobs.TYPE.request("x"));
    node.awaitLine("started " + job.id());
    return job;
  }

  private NeuralBridge bridge() {
    return NeuralBridge.builder()
        .store(JdbcBackend.of(POSTGRES.dataSource()).queue())
        .worker(new Quick())
        .heartbeat(ClusterNode.BEAT, ClusterNode.TIME_TO_LIVE)
        .listener(events::add)
        .build();
  }

  private JobEvent.Settled awaitSettled(Job job) throws InterruptedException {
    while (true) {
      JobEvent event = events.poll(30, TimeUnit.SECONDS);
      assertThat(event).as("job %d is settled", job.id()).isNotNull();
      if (event instanceof JobEvent.Settled settled && settled.job().id() == job.id()) {
        return settled;
      }
    }
  }

  private static final class Quick implements Worker<String> {
    @Override
    public JobType<String> type() {
      return Jobs.TYPE;
    }

    @Override
    public Outcome work(JobContext<String> context) {
      return Outcome.completed("done");
    }
  }
}
