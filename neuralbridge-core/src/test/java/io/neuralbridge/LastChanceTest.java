package io.neuralbridge;

import static io.neuralbridge.TestWorker.TYPE;
import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.queue.Claim;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Jobs whose processes died, and whose next crash may be their last. */
class LastChanceTest extends EngineTestBase {

  private static final int MAX_CRASHES = 3;

  private final Set<Long> begun = ConcurrentHashMap.newKeySet();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger mostAtOnce = new AtomicInteger();
  private final Semaphore release = new Semaphore(0);
  private final TestWorker<String> worker =
      TestWorker.of(
          c -> {
            mostAtOnce.accumulateAndGet(running.incrementAndGet(), Math::max);
            begun.add(c.job().id());
            release.acquire();
            running.decrementAndGet();
            return Outcome.completed();
          });

  private List<Job> jobsThatCrashed(int times) {
    List<Job> jobs =
        store.insert(IntStream.range(0, 4).mapToObj(i -> TYPE.request("x").toNewJob()).toList());
    for (int i = 0; i < times; i++) {
      long node = store.join("dies", NEVER);
      assertThat(store.claim(new Claim("default", node, 10))).hasSize(4);
      store.leave(node);
      store.rescue(MAX_CRASHES);
    }
    return jobs;
  }

  @Test
  void jobsWithOneCrashLeftRunOneAtATimeAndNoneIsLost() {
    List<Job> jobs = jobsThatCrashed(MAX_CRASHES - 1);
    start(builder(worker).queue("default", 10));
    Signals.until(() -> begun.size() == 1 && store.counts().get(JobState.SCHEDULED) == 3);
    release.release(4);

    Signals.until(
        () -> {
          clock.advance(Duration.ofSeconds(1));
          return store.counts().get(JobState.COMPLETED) == 4;
        });

    assertThat(mostAtOnce).hasValue(1);
    assertThat(jobs)
        .allSatisfy(
            job -> {
              assertThat(find(job).attempt()).isEqualTo(1);
              assertThat(find(job).crashes()).isEqualTo(MAX_CRASHES - 1);
            });
  }

  @Test
  void othersRunBesideTheOneThatMayBeTheLast() {
    jobsThatCrashed(MAX_CRASHES - 1);
    NeuralBridge bridge = start(builder(worker).queue("default", 10));
    Signals.until(() -> begun.size() == 1);

    Job fresh = bridge.enqueue(TYPE.request("fresh"));

    Signals.until(() -> begun.contains(fresh.id()));
    assertThat(begun).hasSize(2);
    release.release(100);
  }

  @Test
  void jobsWithMoreCrashesLeftRunTogether() {
    jobsThatCrashed(MAX_CRASHES - 2);

    start(builder(worker).queue("default", 10));

    Signals.until(() -> begun.size() == 4);
    release.release(100);
  }

  @Test
  void oneThatWaitsWhenTheProcessDiesIsNotBlamed() {
    List<Job> jobs = jobsThatCrashed(MAX_CRASHES - 1);
    start(builder(worker).queue("default", 10));
    Signals.until(() -> begun.size() == 1);

    List<Job> leased = jobs.stream().filter(job -> stateOf(job) == JobState.EXECUTING).toList();

    assertThat(leased).as("the others were put off before it began").hasSize(1);
    assertThat(store.errors(jobs.get(0).id()))
        .extracting(JobError::code)
        .containsExactly("node_lost");
    release.release(100);
  }

  @Test
  void whatWasGivenUpNeedNotWait() {
    List<Job> jobs = jobsThatCrashed(MAX_CRASHES - 1);
    long node = store.join("dies", NEVER);
    store.claim(new Claim("default", node, 10));
    store.cancel(jobs.stream().map(Job::id).toList());
    store.leave(node);
    store.rescue(MAX_CRASHES + 1);

    start(builder(worker).queue("default", 10));

    Signals.until(() -> store.counts().get(JobState.CANCELLED) == 4);
    assertThat(begun).isEmpty();
  }

  @Test
  void aStoreThatIsAwayWhileTheyArePutOffLosesNone() {
    jobsThatCrashed(MAX_CRASHES - 1);
    store.settlesToLose.set(1);
    start(builder(worker).queue("default", 10));
    release.release(100);

    Signals.until(
        () -> {
          clock.advance(Duration.ofSeconds(1));
          return store.counts().get(JobState.COMPLETED) == 4;
        });

    assertThat(mostAtOnce).hasValue(1);
  }
}
