package io.neuralbridge;

import static io.neuralbridge.TestWorker.TYPE;
import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Transition;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The store did what it was asked, and nobody here was told. */
class LostAnswersTest extends EngineTestBase {

  private final AtomicInteger runs = new AtomicInteger();

  private TestWorker<String> counting() {
    return TestWorker.of(
        c -> {
          runs.incrementAndGet();
          return Outcome.completed("done");
        });
  }

  @Test
  void whatAClaimHasLeasedWhoseAnswerIsLostIsHandedBackAndRuns() {
    store.claimsToLose.set(2);
    NeuralBridge bridge = start(builder(counting()).queue("default", 5));

    List<Job> jobs =
        bridge.enqueueAll(IntStream.range(0, 20).mapToObj(i -> TYPE.request("x" + i)).toList());

    jobs.forEach(signals::settled);
    assertThat(runs).hasValue(20);
    assertThat(store.claimsToLose).hasValue(0);
    jobs.forEach(job -> assertThat(find(job).attempt()).isEqualTo(1));
    jobs.forEach(job -> assertThat(find(job).crashes()).as("it is no crash").isZero());
    assertThat(signals.all(JobEvent.Refused.class)).isEmpty();
  }

  @Test
  void aClaimThatIsUnderWayForLongIsNotTakenForALostOne() {
    store.afterClaim =
        () -> {
          int before = store.audits.get();
          int renewals = store.renewals.get();
          Signals.until(() -> store.audits.get() > before && store.renewals.get() > renewals + 5);
        };
    NeuralBridge bridge = start(counting());

    Job job = bridge.enqueue(TYPE.request("x"));

    assertThat(signals.settled(job).state()).isEqualTo(JobState.COMPLETED);
    assertThat(runs).hasValue(1);
    assertThat(find(job).attempt()).isEqualTo(1);
    assertThat(signals.all(JobEvent.Refused.class)).isEmpty();
  }

  @Test
  void aRunThatTakesLongIsNotTakenForALostOne() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    NeuralBridge bridge =
        start(
            TestWorker.of(
                c -> {
                  runs.incrementAndGet();
                  release.await();
                  return Outcome.completed();
                }));
    Job job = bridge.enqueue(TYPE.request("x"));
    signals.started(job);
    int before = store.audits.get();
    Signals.until(() -> store.audits.get() > before + 5);
    release.countDown();

    assertThat(signals.settled(job).state()).isEqualTo(JobState.COMPLETED);
    assertThat(runs).hasValue(1);
  }

  @Test
  void anOutcomeThatCannotBeWrittenForLongIsNotTakenForALostLease() {
    NeuralBridge bridge = start(counting());
    store.refusedOutcomes.addAll(IntStream.range(0, 100).mapToObj(Long::valueOf).toList());
    Job job = bridge.enqueue(TYPE.request("x"));
    Signals.until(() -> store.failedSettles.get() > 0);
    int before = store.audits.get();
    Signals.until(() -> store.audits.get() > before + 5);
    store.refusedOutcomes.clear();

    assertThat(signals.settled(job).state()).isEqualTo(JobState.COMPLETED);
    assertThat(runs).hasValue(1);
    assertThat(signals.all(JobEvent.Refused.class)).isEmpty();
  }

  @Test
  void anOutcomeThatWasTakenWithoutAnAnswerIsToldOfAsTaken() {
    NeuralBridge bridge = start(counting());
    store.settlesToLose.set(1);

    Job job = bridge.enqueue(TYPE.request("x"));

    assertThat(signals.settled(job).state()).isEqualTo(JobState.COMPLETED);
    assertThat(store.settlesToLose).hasValue(0);
    assertThat(find(job).result()).isEqualTo("\"done\"");
    assertThat(signals.all(JobEvent.Refused.class)).isEmpty();
    assertThat(runs).hasValue(1);
  }

  @Test
  void anOutcomeThatWasNotTakenBecauseTheJobWasRescuedIsToldOfAsRefused() {
    AtomicBoolean first = new AtomicBoolean(true);
    NeuralBridge bridge =
        start(
            TestWorker.of(
                c -> {
                  if (first.getAndSet(false)) {
                    store.goAway();
                  }
                  return Outcome.completed(c.job().crashes());
                }));
    Job job = bridge.enqueue(TYPE.request("x"));
    Signals.until(() -> store.failedSettles.get() > 0);
    store.rescueBehindItsBack();
    store.comeBack();

    signals.refused(job);
    assertThat(signals.settled(job).state()).isEqualTo(JobState.COMPLETED);
    assertThat(find(job).result()).isEqualTo("1");
  }

  @Test
  void anOutcomeThatWasNotTakenOnceIsTriedAgainWhileOthersKeepComing() throws Exception {
    long node = store.join("here", NEVER);
    AtomicBoolean settled = new AtomicBoolean();
    Completer[] self = new Completer[1];
    Lease suspect = lease(node);
    Events events =
        new Events(
            List.of(
                event -> {
                  if (event.job().id() == suspect.job().id()) {
                    settled.set(true);
                  } else if (!settled.get()) {
                    self[0].add(done(lease(node)));
                  }
                }));
    Completer completer = new Completer(store, new Reporter(store, events), events);
    self[0] = completer;
    store.refusedOutcomes.add(suspect.job().id());
    completer.add(done(suspect));
    completer.start();
    Signals.until(() -> store.failedSettles.get() > 0);
    store.refusedOutcomes.clear();
    completer.add(done(lease(node)));

    Signals.until(settled::get);
    completer.stop();
    completer.join(Signals.PATIENCE);
  }

  private Lease lease(long node) {
    store.insert(List.of(TYPE.request("x").toNewJob()));
    return store.claim(new Claim("default", node, 1)).get(0);
  }

  private static Completer.Ended done(Lease lease) {
    Transition transition =
        new Transition.Finish(lease.job().id(), lease.token(), JobState.COMPLETED, null, null);
    return new Completer.Ended(lease, Outcome.completed(), transition, Duration.ZERO);
  }
}
