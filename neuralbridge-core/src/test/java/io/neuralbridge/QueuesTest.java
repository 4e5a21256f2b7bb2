package io.neuralbridge;

import static io.neuralbridge.TestWorker.TYPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.queue.QueueLimits;
import io.neuralbridge.queue.QueueStatus;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Queues that are changed while nodes run them. */
class QueuesTest extends EngineTestBase {

  private final CountDownLatch release = new CountDownLatch(1);
  private final Set<Long> running = ConcurrentHashMap.newKeySet();
  private final TestWorker<String> blocked =
      TestWorker.of(
          c -> {
            running.add(c.job().id());
            release.await();
            running.remove(c.job().id());
            return Outcome.completed();
          });
  private final TestWorker<String> quick = TestWorker.of(c -> Outcome.completed());

  private List<Job> enqueue(NeuralBridge bridge, int count) {
    return bridge.enqueueAll(
        IntStream.range(0, count).mapToObj(i -> TYPE.request("x" + i)).toList());
  }

  private QueueStatus status(NeuralBridge bridge, String queue) {
    return bridge.queues().status().stream()
        .filter(status -> status.queue().equals(queue))
        .findFirst()
        .orElseThrow();
  }

  private void untilNodesRun(NeuralBridge bridge, String queue, String... nodes) {
    Signals.until(
        () ->
            bridge.queues().status().stream()
                .filter(status -> status.queue().equals(queue))
                .flatMap(status -> status.nodes().entrySet().stream())
                .filter(node -> node.getValue().limit() != null)
                .map(java.util.Map.Entry::getKey)
                .toList()
                .equals(List.of(nodes)));
  }

  @Test
  void aPauseSaidAnywhereHoldsBackJobsEverywhereUntilTheQueueIsResumed() {
    NeuralBridge client = builder().build();
    client.queues().pause("default");
    NeuralBridge bridge = start(quick);
    Job job = bridge.enqueue(TYPE.request("x"));
    Job other = bridge.enqueue(TYPE.withQueue("embeddings").request("y"));

    signals.settled(other);
    assertThat(stateOf(job)).isEqualTo(JobState.AVAILABLE);

    client.queues().resume("default");
    signals.settled(job);
  }

  @Test
  void allQueuesArePausedAndResumedTogether() {
    NeuralBridge bridge = start(quick);
    bridge.queues().pauseAll();
    Job job = bridge.enqueue(TYPE.request("x"));
    Job other = bridge.enqueue(TYPE.withQueue("api_calls").request("y"));
    assertThat(bridge.queues().status()).allMatch(QueueStatus::isPaused).hasSize(4);

    bridge.queues().resumeAll();

    signals.settled(job);
    signals.settled(other);
  }

  @Test
  void aQueueThatTheCodePausesWaitsToBeResumed() {
    NeuralBridge bridge =
        start(builder(quick).queue("default", QueueOptions.waiting(2).withPaused(true)));
    Job job = bridge.enqueue(TYPE.request("x"));
    signals.settled(bridge.enqueue(TYPE.withQueue("embeddings").request("y")));
    assertThat(stateOf(job)).isEqualTo(JobState.AVAILABLE);

    bridge.queues().resume("default");

    signals.settled(job);
  }

  @Test
  void aScaledQueueRunsAsManyJobsAsWasSaid() {
    NeuralBridge bridge = start(builder(blocked).queue("default", 1).nodeName("one"));
    List<Job> jobs = enqueue(bridge, 5);
    signals.started(jobs.get(0));

    bridge.queues().scale("default", 3);

    signals.started(jobs.get(2));
    Signals.until(() -> Objects.equals(status(bridge, "default").nodes().get("one").limit(), 3));
    Signals.until(() -> running.size() == 3);
    release.countDown();
    jobs.forEach(signals::settled);
  }

  @Test
  void aScaledDownQueueWaitsForWhatRuns() {
    NeuralBridge bridge = start(builder(blocked).queue("default", 3).nodeName("one"));
    List<Job> jobs = enqueue(bridge, 3);
    jobs.forEach(signals::started);

    bridge.queues().scale("default", 1);
    Signals.until(() -> Objects.equals(status(bridge, "default").nodes().get("one").limit(), 1));

    Signals.until(() -> running.size() == 3);
    release.countDown();
    jobs.forEach(signals::settled);
  }

  @Test
  void aStoppedQueueIsRunByNobodyUntilItIsStartedAgain() {
    NeuralBridge bridge = start(builder(blocked).nodeName("one"));
    Job running = bridge.enqueue(TYPE.request("x"));
    signals.started(running);

    bridge.queues().stop("default");
    untilNodesRun(bridge, "default");
    Job waiting = bridge.enqueue(TYPE.request("y"));
    release.countDown();
    signals.settled(running);
    signals.settled(bridge.enqueue(TYPE.withQueue("embeddings").request("z")));
    assertThat(stateOf(waiting)).isEqualTo(JobState.AVAILABLE);

    bridge.queues().start("default");
    signals.settled(waiting);
  }

  @Test
  void aQueueThatTheCodeDoesNotNameMayBeStartedOnOneNode() {
    NeuralBridge one = start(builder(quick).nodeName("one"));
    start(builder(quick).nodeName("two"));
    untilNodesRun(one, "default", "one", "two");

    one.queues().onNode("two").start("extra", 2);

    signals.settled(one.enqueue(TYPE.withQueue("extra").request("x")));
    assertThat(status(one, "extra").nodes().get("two").limit()).isEqualTo(2);
    assertThat(status(one, "extra").nodes()).doesNotContainKey("one");
  }

  @Test
  void whatWasSaidOutlivesTheNodes() {
    NeuralBridge first = start(builder(quick).nodeName("one"));
    first.queues().stop("embeddings");
    first.queues().onThisNode().scale("default", 7);
    first.close();

    NeuralBridge second = start(builder(quick).nodeName("one"));

    untilNodesRun(second, "default", "one");
    assertThat(status(second, "default").nodes().get("one").limit()).isEqualTo(7);
    assertThat(status(second, "embeddings").nodes()).isEmpty();
    assertThat(status(second, "embeddings").settings().started()).isFalse();
  }

  @Test
  void drainingWaitsForWhatRunsAndLetsNothingElseBegin() throws Exception {
    NeuralBridge bridge = start(blocked);
    Job running = bridge.enqueue(TYPE.request("x"));
    signals.started(running);

    CompletableFuture<Void> drained = bridge.queues().drain("default");
    Job waiting = bridge.enqueue(TYPE.request("y"));
    CompletableFuture<Void> other = bridge.queues().drain("embeddings");
    other.get(Signals.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(drained).isNotDone();
    release.countDown();

    drained.get(Signals.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(stateOf(running)).isEqualTo(JobState.COMPLETED);
    assertThat(stateOf(waiting)).isEqualTo(JobState.AVAILABLE);
    bridge.queues().resume("default");
    signals.settled(waiting);
  }

  @Test
  void oneNodeMayBeDrainedWhileOthersGoOn() throws Exception {
    NeuralBridge one = start(builder(blocked).nodeName("one"));
    Job running = one.enqueue(TYPE.request("x"));
    signals.started(running);
    CompletableFuture<Void> drained = one.queues().onThisNode().drainAll();
    NeuralBridge two = start(builder(quick).nodeName("two"));

    signals.settled(two.enqueue(TYPE.request("y")));

    assertThat(drained).isNotDone();
    release.countDown();
    drained.get(Signals.PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void aDrainThatOutlivesItsBridgeFails() {
    NeuralBridge runner = start(blocked);
    Job running = runner.enqueue(TYPE.request("x"));
    signals.started(running);
    NeuralBridge client = builder().build();
    CompletableFuture<Void> drained = client.queues().drain("default");

    client.close();

    assertThatThrownBy(() -> drained.get(Signals.PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("closed before the queue was drained");
    release.countDown();
  }

  @Test
  void aLimitedQueueGoesOnAsSoonAsAJobHasEnded() {
    NeuralBridge bridge =
        start(
            builder(quick)
                .pollInterval(NEVER)
                .queue(
                    "default",
                    QueueOptions.waiting(10).withLimits(QueueLimits.NONE.withMaxRunning(1))));

    enqueue(bridge, 20).forEach(signals::settled);
  }

  @Test
  void theCodesLimitsHoldUntilOthersAreSetAndAgainAfterAReset() {
    QueueLimits code = QueueLimits.NONE.withMaxRunning(3);
    NeuralBridge bridge =
        start(builder(quick).queue("default", QueueOptions.waiting(5).withLimits(code)));
    Signals.until(() -> !bridge.queues().status().isEmpty());
    assertThat(status(bridge, "default").limits()).isEqualTo(code);

    QueueLimits hand = QueueLimits.NONE.withMaxRunningPerKey(2).withAgeing(Duration.ofHours(1));
    bridge.queues().limit("default", hand);
    assertThat(status(bridge, "default").limits()).isEqualTo(hand);

    bridge.queues().reset("default");
    Signals.until(() -> status(bridge, "default").limits().equals(code));
  }

  @Test
  void unknownNamesAreRefusedWithTheOnesThatWereMeant() {
    NeuralBridge bridge = start(builder(quick).nodeName("gpu-1"));

    assertThatThrownBy(() -> bridge.queues().pause("embedings"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no queue 'embedings' is known; did you mean 'embeddings'?");
    assertThatThrownBy(() -> bridge.queues().limit("xyz", QueueLimits.NONE))
        .hasMessage("no queue 'xyz' is known; there are api_calls, default, embeddings, training");
    assertThatThrownBy(() -> bridge.queues().onNode("gpu1"))
        .hasMessage("no node 'gpu1' is known; did you mean 'gpu-1'?");
    assertThatThrownBy(() -> bridge.queues().start("no good"))
        .hasMessageContaining("'no good' is not a valid name");
    assertThatThrownBy(() -> bridge.queues().scale("default", 0))
        .hasMessageContaining("1 to 10,000: 0");
  }

  @Test
  void productionQueuesAreTheSpecs() {
    NeuralBridge bridge = start(builder(quick).productionQueues().nodeName("one"));
    untilNodesRun(bridge, "default", "one");

    assertThat(status(bridge, "default").nodes().get("one").limit()).isEqualTo(20);
    assertThat(status(bridge, "embeddings").nodes().get("one").limit()).isEqualTo(10);
    assertThat(status(bridge, "training").nodes().get("one").limit())
        .isEqualTo(QueueOptions.computing(2).limit());
    assertThat(status(bridge, "api_calls").nodes().get("one").limit()).isEqualTo(50);
    assertThat(bridge.queues().status()).noneMatch(QueueStatus::isPaused);
  }
}
