package io.neuralbridge;

import static io.neuralbridge.TestWorker.TYPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobException;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AwaitTest extends EngineTestBase {

  record Answer(String text, int tokens) {}

  private final CountDownLatch release = new CountDownLatch(1);

  private static Job get(CompletableFuture<Job> future) throws Exception {
    return future.get(Signals.PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static String failureOf(CompletableFuture<Job> future) throws Exception {
    try {
      return "completed with " + get(future);
    } catch (ExecutionException e) {
      return ((JobException) e.getCause()).code();
    }
  }

  private Outcome blocked() throws InterruptedException {
    release.await();
    return Outcome.completed("released");
  }

  @Test
  void theFutureCompletesWithTheResult() throws Exception {
    NeuralBridge bridge = start(TestWorker.of(c -> Outcome.completed(new Answer(c.args(), 7))));

    Job job = get(bridge.await(bridge.enqueue(TYPE.request("hello"))));

    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    assertThat(job.result(Answer.class)).isEqualTo(new Answer("hello", 7));
  }

  @Test
  void aJobOfThisProcessIsAnsweredWithoutWaitingForThePoll() throws Exception {
    NeuralBridge bridge = start(builder(TestWorker.of(c -> blocked())).pollInterval(NEVER));
    Job job = bridge.enqueue(TYPE.request("x"));
    CompletableFuture<Job> future = bridge.await(job);
    Signals.until(() -> store.liveLooks.get() > 0);

    release.countDown();

    assertThat(get(future).state()).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void aBridgeThatIsNotStartedAwaitsWhatAnotherOneRuns() throws Exception {
    NeuralBridge client = builder().build();
    CompletableFuture<Job> future = client.await(client.enqueue(TYPE.request("x")));
    Signals.until(() -> store.liveLooks.get() > 0);
    assertThat(future).isNotDone();

    start(TestWorker.of(c -> Outcome.completed("elsewhere")));

    assertThat(get(future).result(String.class)).isEqualTo("elsewhere");
    client.close();
  }

  @Test
  void everyFinalStateEndsTheWait() throws Exception {
    NeuralBridge bridge =
        start(
            TestWorker.of(
                c -> {
                  throw new IllegalStateException("never");
                }));
    Job scheduled = bridge.enqueue(TYPE.request("later").in(NEVER));
    CompletableFuture<Job> cancelled = bridge.await(scheduled);
    CompletableFuture<Job> discarded = bridge.await(bridge.enqueue(TYPE.request("x")));

    bridge.cancel(scheduled.id());

    assertThat(get(cancelled).state()).isEqualTo(JobState.CANCELLED);
    assertThat(get(discarded).state()).isEqualTo(JobState.DISCARDED);
    assertThatThrownBy(() -> get(discarded).result(String.class))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("is DISCARDED and has no result");
  }

  @Test
  void whatIsFinalAlreadyIsAnsweredAtOnceAndAsOftenAsAsked() throws Exception {
    NeuralBridge bridge =
        start(builder(TestWorker.of(c -> Outcome.completed())).pollInterval(NEVER));
    Job job = bridge.enqueue(TYPE.request("x"));
    signals.settled(job);

    assertThat(get(bridge.await(job.id())).state()).isEqualTo(JobState.COMPLETED);
    assertThat(get(bridge.await(job.id()))).isEqualTo(find(job));
  }

  @Test
  void aJobThatIsNotThereFailsTheWait() throws Exception {
    NeuralBridge bridge = start();
    Job job = bridge.enqueue(TYPE.withQueue("nobodys").request("x"));
    CompletableFuture<Job> future = bridge.await(job);
    bridge.cancel(job.id());
    get(future);
    clock.advance(Duration.ofHours(1));
    store.history().delete(store.history().ended(Duration.ofMinutes(1), null, 10));

    assertThat(failureOf(bridge.await(job))).isEqualTo("job_not_found");
    assertThat(failureOf(bridge.await(4711))).isEqualTo("job_not_found");
  }

  @Test
  void cancellingTheFutureOrItsTimeoutLeavesTheJobAlone() throws Exception {
    NeuralBridge bridge = start(TestWorker.of(c -> blocked()));
    Job job = bridge.enqueue(TYPE.request("x"));
    signals.started(job);
    CompletableFuture<Job> other = bridge.await(job);

    bridge.await(job).cancel(true);
    assertThatThrownBy(() -> bridge.await(job).orTimeout(1, TimeUnit.MILLISECONDS).get())
        .hasCauseInstanceOf(java.util.concurrent.TimeoutException.class);

    release.countDown();
    assertThat(get(other).state()).as("who still waits is answered").isEqualTo(JobState.COMPLETED);
  }

  @Test
  void whoNoLongerWaitsIsNotPolledFor() throws Exception {
    NeuralBridge client = builder().build();
    Job job = client.enqueue(TYPE.request("x"));
    CompletableFuture<Job> future = client.await(job);
    Signals.until(() -> store.liveLooks.get() > 2);

    future.cancel(false);
    Job last = client.enqueue(TYPE.request("y"));
    CompletableFuture<Job> marker = client.await(last);
    client.cancel(last.id());
    get(marker);
    int looks = store.liveLooks.get();
    CompletableFuture<Job> another = client.await(last);
    get(another);

    assertThat(store.liveLooks.get()).isLessThanOrEqualTo(looks + 2);
    client.close();
  }

  @Test
  void closingTheBridgeFailsWhatIsStillAwaited() throws Exception {
    NeuralBridge client = builder().build();
    CompletableFuture<Job> future = client.await(client.enqueue(TYPE.request("x")));

    client.close();

    assertThat(failureOf(future)).isEqualTo("closed");
    assertThat(failureOf(client.await(1))).isEqualTo("closed");
    Signals.until(AwaitTest::noAwaiterIsLeft);
  }

  private static boolean noAwaiterIsLeft() {
    return Thread.getAllStackTraces().keySet().stream()
        .noneMatch(thread -> thread.getName().equals("neuralbridge-awaiter"));
  }

  @Test
  void whatEndsWhileTheBridgeClosesIsStillAnswered() throws Exception {
    NeuralBridge bridge = start(TestWorker.of(c -> blocked()));
    Job job = bridge.enqueue(TYPE.request("x"));
    signals.started(job);
    CompletableFuture<Job> future = bridge.await(job);
    Thread closer = new Thread(bridge::close);
    closer.start();

    release.countDown();
    closer.join();

    assertThat(get(future).state()).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void anOutageProlongsTheWaitAndEndsNoneOfIt() throws Exception {
    NeuralBridge client = builder().build();
    Job job = client.enqueue(TYPE.request("x"));
    CompletableFuture<Job> future = client.await(job);
    store.goAway();
    Signals.until(() -> store.failures.get() > 1);
    assertThat(future).isNotDone();

    store.comeBack();
    client.cancel(job.id());

    assertThat(get(future).state()).isEqualTo(JobState.CANCELLED);
    client.close();
  }

  @Test
  void manyAreAwaitedInFewLooks() throws Exception {
    NeuralBridge client = builder().pollInterval(NEVER).build();
    List<Job> jobs =
        client.enqueueAll(IntStream.range(0, 2_500).mapToObj(i -> TYPE.request("x")).toList());
    List<CompletableFuture<Job>> futures = jobs.stream().map(client::await).toList();
    start(TestWorker.of(c -> Outcome.completed()));
    signals.settledAll(2_500);

    client.close();

    for (CompletableFuture<Job> future : futures) {
      assertThat(get(future).state()).isEqualTo(JobState.COMPLETED);
    }
  }

  @Test
  void nobodyPollsWhereNobodyWaits() {
    NeuralBridge bridge = start(TestWorker.of(c -> Outcome.completed()));

    signals.settled(bridge.enqueue(TYPE.request("x")));

    assertThat(store.liveLooks).hasValue(0);
  }

  @Test
  void aResultThatIsMissingOrOfAnotherTypeIsToldClearly() throws Exception {
    NeuralBridge bridge =
        start(
            TestWorker.of(
                c -> c.args().equals("none") ? Outcome.completed() : Outcome.completed("text")));

    Job none = get(bridge.await(bridge.enqueue(TYPE.request("none"))));
    Job text = get(bridge.await(bridge.enqueue(TYPE.request("x"))));

    assertThatThrownBy(() -> none.result(String.class))
        .hasMessageContaining("completed without a result");
    assertThatThrownBy(() -> text.result(Answer.class))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("is not a Answer");
  }
}
