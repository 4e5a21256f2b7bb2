package io.neuralbridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.flow.Chain;
import io.neuralbridge.job.FailurePolicy;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobRequest;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Chains that run. */
class ChainRunTest extends EngineTestBase {

  private static final JobType<Integer> LINK = JobType.of("link", Integer.class).withMaxAttempts(3);

  private final List<Integer> ended = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  /** Fails its first attempt, snoozes its second: each job in its own way. */
  private final TestWorker<Integer> worker =
      TestWorker.of(
          LINK,
          context -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            try {
              int number = context.args();
              if (number % 3 == 0 && context.job().attempt() == 1) {
                throw new IllegalStateException("once");
              }
              if (number % 5 == 4) {
                return Outcome.failed(new IllegalStateException("for ever"));
              }
              ended.add(number);
              return Outcome.completed();
            } finally {
              running.decrementAndGet();
            }
          });

  private static List<JobRequest<Integer>> links(int count) {
    return IntStream.range(0, count).mapToObj(LINK::request).toList();
  }

  @Test
  void jobsOfAChainRunOneByOneInOrderWhateverBecomesOfThem() {
    NeuralBridge bridge = start(builder(worker).queue("default", 8));
    List<Job> jobs = new ArrayList<>();
    jobs.addAll(Chain.of("document 7").enqueueAll(bridge, links(12)));
    jobs.add(bridge.enqueue(LINK.request(12).inChain("document 7")));

    Signals.until(() -> stateOf(jobs.get(12)).isFinal());
    assertThat(ended).containsExactly(0, 1, 2, 3, 5, 6, 7, 8, 10, 11, 12);
    assertThat(most).hasValue(1);
    assertThat(stateOf(jobs.get(4))).isEqualTo(JobState.DISCARDED);
  }

  @Test
  void chainsRunSideBySide() {
    NeuralBridge bridge = start(builder(worker).queue("default", 8));
    List<Job> last = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      last.add(Chain.of("k" + i).enqueue(bridge, LINK.request(1)));
    }

    last.forEach(job -> signals.settled(job));
    assertThat(ended).hasSize(5);
  }

  @Test
  void aHeldChainStandsStillUntilTheFailedJobIsRetriedAndCompletes() {
    AtomicInteger attempts = new AtomicInteger();
    TestWorker<Integer> weak =
        TestWorker.of(
            LINK,
            context -> {
              if (context.args() == 0 && attempts.incrementAndGet() <= 3) {
                throw new IllegalStateException("not yet");
              }
              ended.add(context.args());
              return Outcome.completed();
            });
    NeuralBridge bridge = start(weak);
    Chain chain = Chain.of("k").onFailure(FailurePolicy.HOLD);
    List<Job> jobs = chain.enqueueAll(bridge, links(2));
    Signals.until(() -> stateOf(jobs.get(0)) == JobState.DISCARDED);
    assertThat(stateOf(jobs.get(1))).isEqualTo(JobState.SUSPENDED);

    assertThat(bridge.retry(jobs.get(0).id())).isTrue();
    signals.settled(jobs.get(1));
    assertThat(ended).containsExactly(0, 1);
  }

  @Test
  void aSnoozingJobKeepsTheNextOneWaiting() {
    TestWorker<Integer> sleepy =
        TestWorker.of(
            LINK,
            context -> {
              if (context.args() == 0 && clock.instant().equals(context.job().createdAt())) {
                return Outcome.snoozed(Duration.ofHours(1));
              }
              ended.add(context.args());
              return Outcome.completed();
            });
    NeuralBridge bridge = start(sleepy);
    List<Job> jobs = Chain.of("k").enqueueAll(bridge, links(2));
    signals.settled(jobs.get(0));
    assertThat(stateOf(jobs.get(1))).isEqualTo(JobState.SUSPENDED);
    clock.advance(Duration.ofHours(1));

    signals.settled(jobs.get(1));
    assertThat(ended).containsExactly(0, 1);
  }
}
