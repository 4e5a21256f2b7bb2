package io.neuralbridge;

import static io.neuralbridge.TestWorker.TYPE;
import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobLogLine;
import io.neuralbridge.job.JobProgress;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Outcome;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** Progress and the log of a job, from its worker to whoever asks. */
class ProgressTest extends EngineTestBase {

  private final CountDownLatch said = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  private TestWorker<String> telling() {
    return TestWorker.of(
        context -> {
          context.log("begun");
          context.progress(0.4, "at the fourth of ten");
          said.countDown();
          release.await();
          context.log(Level.WARN, "ended");
          context.progress(1, "all");
          return Outcome.completed();
        });
  }

  @Test
  void whatAJobSaysIsReadOnAnotherNodeWhileItRuns() {
    NeuralBridge bridge = start(telling());
    try (NeuralBridge other = builder().build()) {
      Job job = bridge.enqueue(TYPE.request("x"));

      Signals.until(() -> other.progress(job.id()).isPresent());

      assertThat(other.progress(job.id()).map(JobProgress::fraction)).contains(0.4);
      assertThat(other.log(job.id()).lines()).extracting(JobLogLine::text).containsExactly("begun");
      release.countDown();
      signals.settled(job);
    }
  }

  @Test
  void theLastWordIsStoredBeforeTheOutcome() {
    NeuralBridge bridge = start(telling());
    release.countDown();

    Job job = bridge.enqueue(TYPE.request("x"));

    signals.settled(job);
    assertThat(bridge.progress(job.id()).map(JobProgress::message)).contains("all");
    assertThat(bridge.log(job.id()).lines())
        .extracting(JobLogLine::level)
        .containsExactly(Level.INFO, Level.WARN);
    assertThat(signals.all(JobEvent.Progressed.class)).isNotEmpty();
  }

  @Test
  void aJobThatSpeaksWhileTheStoreIsAwayRunsOnAndIsHeardLater() throws Exception {
    NeuralBridge bridge = start(telling());
    Job job = bridge.enqueue(TYPE.request("x"));
    Signals.await(said);
    store.goAway();
    release.countDown();
    Signals.until(() -> store.failedSettles.get() >= 2);

    store.comeBack();

    assertThat(signals.settled(job).state()).isEqualTo(JobState.COMPLETED);
    assertThat(bridge.log(job.id()).lines()).hasSize(2);
    assertThat(bridge.progress(job.id()).map(JobProgress::message)).contains("all");
  }

  @Test
  void aDrainedJobSpeaksToo() {
    release.countDown();
    try (NeuralBridge bridge = builder(telling()).build()) {
      Job job = bridge.enqueue(TYPE.request("x"));

      bridge.drain();

      assertThat(bridge.log(job.id()).lines()).hasSize(2);
      assertThat(bridge.progress(job.id())).isPresent();
    }
  }
}
