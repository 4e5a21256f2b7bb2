package io.neuralbridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobRequest;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.job.Unique;
import io.neuralbridge.queue.WakeUps;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is told of new jobs: the producers of their queues here, and other nodes. */
class WakeUpTest extends EngineTestBase {

  private static final JobType<String> OTHER = JobType.of("other", String.class).withQueue("other");

  private final Hints hints = new Hints();

  private static final class Hints implements WakeUps {
    final List<String> sent = new CopyOnWriteArrayList<>();
    final List<Listener> listeners = new CopyOnWriteArrayList<>();

    @Override
    public void send(String queue) {
      sent.add(queue);
    }

    @Override
    public Subscription listen(Listener listener) {
      listeners.add(listener);
      return () -> listeners.remove(listener);
    }
  }

  @BeforeEach
  void hint() {
    store.wakeUps = hints;
  }

  @Test
  void onlyTheProducersOfTheQueuesConcernedAreWoken() {
    NeuralBridge bridge = startTwoQueues();
    runOne(bridge, TestWorker.TYPE);
    runOne(bridge, OTHER);
    long before = claimsOf("other");

    for (int i = 0; i < 20; i++) {
      runOne(bridge, TestWorker.TYPE);
    }

    assertThat(claimsOf("other"))
        .as("but for what its own job left behind")
        .isLessThanOrEqualTo(before + 2);
  }

  @Test
  void aJobThatIsDueLaterEndsTheWaitOfItsProducerInTime() {
    NeuralBridge bridge = startTwoQueues();
    runOne(bridge, TestWorker.TYPE);
    Job job = bridge.enqueue(TestWorker.TYPE.request("x").in(Duration.ofSeconds(1)));
    clock.advance(Duration.ofSeconds(1));
    // What the producer has looked up by now is a second at most.
    assertThat(signals.settled(job).job().id()).isEqualTo(job.id());
  }

  @Test
  void aHintFromAnotherNodeWakesTheProducer() {
    NeuralBridge bridge = startTwoQueues();
    runOne(bridge, TestWorker.TYPE);
    for (int i = 0; i < 5; i++) {
      Job job = store.insert(List.of(TestWorker.TYPE.request("x").toNewJob())).get(0);
      hints.listeners.forEach(listener -> listener.jobsMayBeDue("default"));
      signals.settled(job);
    }
  }

  @Test
  void hintsThatMayBeLostWakeAllProducers() {
    NeuralBridge bridge = startTwoQueues();
    runOne(bridge, TestWorker.TYPE);
    runOne(bridge, OTHER);
    Job job = store.insert(List.of(TestWorker.TYPE.request("x").toNewJob())).get(0);
    Job other = store.insert(List.of(OTHER.request("x").toNewJob())).get(0);

    hints.listeners.forEach(WakeUps.Listener::hintsMayBeLost);

    signals.settled(job);
    signals.settled(other);
  }

  @Test
  void otherNodesAreToldOfTheQueuesOfJobsThatAreDue() {
    NeuralBridge client = builder().build();

    client.enqueueAll(
        List.of(
            request(TestWorker.TYPE),
            request(TestWorker.TYPE),
            request(OTHER),
            request(TestWorker.TYPE.withQueue("later")).in(Duration.ofHours(1))));

    assertThat(hints.sent).containsExactlyInAnyOrder("default", "other");
  }

  @Test
  void otherNodesAreToldOfAJobThatIsDueNowBecauseItWasReplaced() {
    NeuralBridge client = builder().build();
    JobRequest<String> request =
        request(TestWorker.TYPE)
            .withUnique(Unique.byKind().replacing(Unique.Field.RUN_AT))
            .in(Duration.ofHours(1));
    client.enqueue(request);
    assertThat(hints.sent).isEmpty();

    client.enqueue(request.in(Duration.ZERO));

    assertThat(hints.sent).containsExactly("default");
  }

  @Test
  void nobodyIsToldOfJobsInACallersTransactionBeforeTheCallerSaysSo() {
    NeuralBridge client = builder().build();

    client.using(store).enqueue(request(TestWorker.TYPE));
    assertThat(hints.sent).isEmpty();

    client.wake("default", "other", "default");
    assertThat(hints.sent).containsExactlyInAnyOrder("default", "other");
  }

  @Test
  void aBridgeThatIsClosedListensNoMore() {
    NeuralBridge bridge = startTwoQueues();
    assertThat(hints.listeners).hasSize(1);

    bridge.close();

    assertThat(hints.listeners).isEmpty();
  }

  private NeuralBridge startTwoQueues() {
    return start(
        builder(
                TestWorker.of(context -> Outcome.completed()),
                TestWorker.of(OTHER, context -> Outcome.completed()))
            .withoutQueues()
            .queue("default", 5)
            .queue("other", 5)
            .pollInterval(NEVER));
  }

  private void runOne(NeuralBridge bridge, JobType<String> type) {
    signals.settled(bridge.enqueue(type.request("x")));
  }

  private long claimsOf(String queue) {
    return store.claimedQueues.stream().filter(queue::equals).count();
  }

  private static JobRequest<String> request(JobType<String> type) {
    return type.request("x");
  }
}
