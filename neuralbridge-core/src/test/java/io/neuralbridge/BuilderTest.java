package io.neuralbridge;

import static io.neuralbridge.TestWorker.TYPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.job.JobClient;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.Worker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class BuilderTest {

  private static final class OtherWorker implements Worker<String> {
    @Override
    public JobType<String> type() {
      return TYPE;
    }

    @Override
    public Outcome work(JobContext<String> context) {
      return Outcome.completed();
    }
  }

  private final Builder builder = NeuralBridge.builder();

  @Test
  void twoWorkersOfOneKindAreRefusedByName() {
    builder.worker(TestWorker.of(c -> Outcome.completed()));

    assertThatThrownBy(() -> builder.worker(new OtherWorker()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'test'")
        .hasMessageContaining(TestWorker.class.getName())
        .hasMessageContaining(OtherWorker.class.getName());
  }

  @Test
  void aWorkerWhoseQueueDoesNotRunIsRefusedByName() {
    builder.worker(TestWorker.of(TYPE.withQueue("nowhere"), c -> Outcome.completed()));

    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'test'")
        .hasMessageContaining("'nowhere'")
        .hasMessageContaining("[api_calls, default, embeddings, training]");
  }

  @Test
  void anExtensionBringsItsWorkersAndGetsTheClient() {
    AtomicReference<JobClient> client = new AtomicReference<>();
    builder.install(
        installer -> {
          installer.worker(new OtherWorker());
          client.set(installer.client());
        });

    NeuralBridge bridge = builder.build();

    long id = client.get().enqueue(TYPE.request("x")).id();
    assertThat(bridge.find(id)).isPresent();
    assertThatThrownBy(() -> builder.worker(new OtherWorker())).hasMessageContaining("two workers");
  }

  @Test
  void badSettingsAreRefusedWithTheReason() {
    assertThatThrownBy(() -> builder.queue("no good", 1)).hasMessageContaining("'no good'");
    assertThatThrownBy(() -> builder.queue("x", 0)).hasMessageContaining("1 to 10,000: 0");
    assertThatThrownBy(() -> builder.nodeName(" ")).hasMessageContaining("node's name");
    assertThatThrownBy(() -> builder.pollInterval(Duration.ZERO)).hasMessageContaining("positive");
    assertThatThrownBy(() -> builder.pollInterval(Duration.ofSeconds(Long.MAX_VALUE)))
        .hasMessageContaining("too long");
    assertThatThrownBy(() -> builder.shutdownGrace(Duration.ofMillis(-1)))
        .hasMessageContaining("shutdownGrace must not be negative");
    assertThatThrownBy(() -> builder.retention(Duration.ofMillis(-1)))
        .hasMessageContaining("retention must not be negative");
    assertThatThrownBy(() -> builder.maxCrashes(0)).hasMessageContaining("at least 1: 0");
    assertThatThrownBy(() -> builder.heartbeat(Duration.ofSeconds(5), Duration.ofSeconds(14)))
        .hasMessageContaining("three heartbeat intervals");
    assertThatThrownBy(() -> builder.heartbeat(Duration.ofSeconds(5), Duration.ofMinutes(31)))
        .hasMessageContaining("PT31M")
        .hasMessageContaining("at most PT30M");
  }

  @Test
  void computingQueuesTakeNoMoreThanTheCores() {
    int cores = Runtime.getRuntime().availableProcessors();

    assertThat(QueueOptions.computing(10_000).limit()).isEqualTo(cores);
    assertThat(QueueOptions.waiting(10_000).limit()).isEqualTo(10_000);
    assertThatThrownBy(() -> QueueOptions.waiting(10_001)).hasMessageContaining("10001");
    assertThatThrownBy(() -> QueueOptions.computing(0)).hasMessageContaining(": 0");
  }
}
