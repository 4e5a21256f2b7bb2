package io.neuralbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobClient;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.worker.Extension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Working off a queue in the caller's thread. */
class DrainTest extends EngineTestBase {

  private final List<String> ran = new ArrayList<>();

  private NeuralBridge bridge(TestWorker.Work<String> work) {
    return builder(TestWorker.of(work)).build();
  }

  private Outcome note(String args) {
    ran.add(args + " in " + Thread.currentThread().getName());
    return Outcome.completed();
  }

  @Test
  void runsDueJobsInTheCallersThreadInTheirOrder() {
    NeuralBridge bridge = bridge(context -> note(context.args()));
    bridge.enqueue(TestWorker.TYPE.request("second"));
    bridge.enqueue(TestWorker.TYPE.withPriority(0).request("first"));
    Job later = bridge.enqueue(TestWorker.TYPE.request("later").in(Duration.ofMinutes(1)));

    Drained drained = bridge.drain();

    String here = " in " + Thread.currentThread().getName();
    assertThat(ran).containsExactly("first" + here, "second" + here);
    assertThat(drained.count(JobState.COMPLETED)).isEqualTo(2);
    assertThat(stateOf(later)).isEqualTo(JobState.SCHEDULED);
  }

  @Test
  void runsWhatTheJobsEnqueueAndWhatTheyRetryAtOnce() {
    JobClient[] client = new JobClient[1];
    Extension children =
        installer -> {
          client[0] = installer.client();
          installer.worker(
              TestWorker.of(
                  context -> {
                    note(context.args());
                    if (context.args().equals("parent")) {
                      client[0].enqueue(TestWorker.TYPE.request("child"));
                    }
                    if (context.args().equals("child") && context.job().attempt() == 1) {
                      throw new IllegalStateException("first try");
                    }
                    return Outcome.completed();
                  }));
        };
    NeuralBridge bridge = builder().install(children).build();
    bridge.enqueue(TestWorker.TYPE.request("parent"));

    Drained drained = bridge.drain();

    assertThat(drained.jobs())
        .extracting(Job::state)
        .containsExactly(JobState.COMPLETED, JobState.AVAILABLE, JobState.COMPLETED);
  }

  @Test
  void runsTheNamedQueuesOnly() {
    NeuralBridge bridge = bridge(context -> note(context.args()));
    bridge.enqueue(TestWorker.TYPE.request("here"));
    Job elsewhere = bridge.enqueue(TestWorker.TYPE.withQueue("training").request("there"));

    bridge.drain("default");

    assertThat(ran).hasSize(1);
    assertThat(stateOf(elsewhere)).isEqualTo(JobState.AVAILABLE);
  }

  @Test
  void refusesABridgeThatWasStarted() {
    NeuralBridge bridge = start(TestWorker.of(context -> Outcome.completed()));

    assertThatThrownBy(bridge::drain)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("STARTED");
  }

  @Test
  void givesUpWhereThereIsNoEnd() {
    NeuralBridge bridge = bridge(context -> Outcome.snoozed(Duration.ZERO));
    bridge.enqueue(TestWorker.TYPE.request("again"));

    assertThatThrownBy(bridge::drain).hasMessageContaining("snooze");
  }

  @Test
  void leavesNothingLeasedWhenTheStoreRefusesAnOutcome() {
    NeuralBridge bridge = bridge(context -> note(context.args()));
    Job job = bridge.enqueue(TestWorker.TYPE.request("x"));
    store.refusedOutcomes.add(job.id());

    assertThatThrownBy(bridge::drain).hasMessageContaining("does not take this");

    assertThat(store.rescue(3)).extracting(Job::id).containsExactly(job.id());
  }
}
