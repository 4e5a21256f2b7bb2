package io.neuralbridge;

import static io.neuralbridge.TestWorker.TYPE;
import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.InMemoryQueue;
import io.neuralbridge.queue.Lease;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Executor and completer without the loops around them. */
class ExecutorTest {

  private static final Duration TTL = Duration.ofMinutes(1);

  private final InMemoryQueue store = new InMemoryQueue();
  private final Signals signals = new Signals();
  private final Events events = new Events(List.of(signals));
  private final Completer completer = new Completer(store, events);
  private final CountDownLatch entered = new CountDownLatch(1);
  private final AtomicReference<Boolean> cancelled = new AtomicReference<>();
  private final CountDownLatch look = new CountDownLatch(1);
  private final Timekeeper timekeeper = new Timekeeper(Duration.ZERO);
  private final Executor executor =
      new Executor(
          new Pipeline(
              Map.of(
                  TYPE.kind(),
                  TestWorker.of(
                      c -> {
                        entered.countDown();
                        try {
                          look.await();
                        } finally {
                          cancelled.set(c.isCancelled());
                        }
                        return Outcome.completed();
                      })),
              List.of(),
              events,
              timekeeper,
              new StoreJobClient(store, new Awaiter(store, Duration.ofMillis(5)))),
          completer,
          events);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch slot = new CountDownLatch(1);

  @AfterEach
  void stop() {
    completer.stop();
    timekeeper.stop();
    threads.shutdownNow();
  }

  private Lease claim() {
    return store.claim(new Claim("default", store.join("node", TTL), 1)).get(0);
  }

  private Job insert() {
    return store.insert(List.of(TYPE.request("x").toNewJob())).get(0);
  }

  @Test
  void aJobForWhichThereIsNoThreadIsHandedBackAndItsSlotFreed() throws Exception {
    Job job = insert();
    completer.start();
    threads.shutdown();

    assertThat(executor.start(claim(), threads, slot::countDown)).isFalse();

    Signals.await(slot);
    assertThat(signals.settled(job).state()).isEqualTo(JobState.AVAILABLE);
    assertThat(store.find(job.id()).orElseThrow().attempt()).isZero();
    assertThat(executor.running()).isZero();
  }

  @Test
  void aLostLeaseStopsItsOwnRunAndNoLaterOne() throws Exception {
    insert();
    Lease stale = claim();
    store.leave(1);
    store.rescue(3);
    Lease current = claim();
    executor.start(current, threads, slot::countDown);
    Signals.await(entered);

    executor.leasesLost(List.of(stale));
    look.countDown();
    Signals.await(slot);

    assertThat(cancelled).hasValue(false);
  }

  @Test
  void aLostLeaseInterruptsItsRunWhichCostsNoAttemptIfTheStoreStillTakesItsOutcome()
      throws Exception {
    Job job = insert();
    Lease lease = claim();
    executor.start(lease, threads, slot::countDown);
    Signals.await(entered);

    executor.leasesLost(List.of(lease));

    Signals.await(slot);
    assertThat(cancelled).hasValue(true);
    completer.start();
    assertThat(signals.settled(job).state()).isEqualTo(JobState.AVAILABLE);
    assertThat(store.find(job.id()).orElseThrow().attempt()).isZero();
    assertThat(store.errors(job.id())).isEmpty();
  }

  @Test
  void aRunIsSettledOnceWhoeverComesFirst() throws Exception {
    Job job = insert();
    executor.start(claim(), threads, slot::countDown);
    Signals.await(entered);

    assertThat(executor.takeAll()).hasSize(1);
    assertThat(executor.takeAll()).isEmpty();
    look.countDown();
    Signals.await(slot);
    completer.start();

    assertThat(completer.flush(Signals.PATIENCE)).isTrue();
    assertThat(store.find(job.id()).orElseThrow().state()).isEqualTo(JobState.EXECUTING);
  }

  @Test
  void twoOutcomesOfOneJobAreToldApart() {
    Job job = insert();
    Lease stale = claim();
    store.leave(1);
    store.rescue(3);
    Lease current = claim();
    completer.add(Completer.Ended.handedBack(stale));
    completer.add(Completer.Ended.handedBack(current));

    completer.start();

    signals.settled(job);
    signals.refused(job);
    assertThat(signals.all(JobEvent.Settled.class)).hasSize(1);
  }

  @Test
  void aJobThatIsCancelledBeforeItsThreadBeginsIsCancelledAndDoesNotRun() throws Exception {
    Job job = insert();
    BlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();
    ExecutorService full = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, waiting);
    CountDownLatch gate = new CountDownLatch(1);
    full.execute(() -> Signals.awaitQuietly(gate));
    executor.start(claim(), full, slot::countDown);

    executor.cancel(Set.of(job.id()));
    gate.countDown();
    completer.start();

    assertThat(signals.settled(job).state()).isEqualTo(JobState.CANCELLED);
    assertThat(entered.getCount()).isEqualTo(1);
    full.shutdown();
  }

  @Test
  void aCancelledJobOfAnUnknownKindIsCancelledNotParked() {
    JobType<String> unknown = JobType.of("unknown", String.class);
    Job job = store.insert(List.of(unknown.request("x").toNewJob())).get(0);
    Lease lease = claim();
    store.cancel(List.of(job.id()));
    store.settle(List.of(Settler.handedBack(lease)));
    completer.start();

    executor.start(claim(), threads, slot::countDown);

    assertThat(signals.settled(job).state()).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void cancellingWhatDoesNotRunHereDoesNothing() {
    executor.cancel(Set.of(4711L));

    assertThat(executor.running()).isZero();
  }
}
