package io.neuralbridge;

import static io.neuralbridge.TestWorker.TYPE;
import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Outcome;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many jobs that end at once, so that some are claimed ahead, and one of them that does not. */
class ShortJobsTest extends EngineTestBase {

  private static final int JOBS = 2_000;
  private static final String SLOW = "x1000";

  private final CountDownLatch slowRuns = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final Map<String, Integer> runs = new ConcurrentHashMap<>();
  private final TestWorker<String> worker =
      TestWorker.of(
          c -> {
            runs.merge(c.args(), 1, Integer::sum);
            if (c.args().equals(SLOW)) {
              slowRuns.countDown();
              release.await();
            }
            return Outcome.completed();
          });

  @Test
  void everyJobRunsOnce() {
    release.countDown();
    List<Job> jobs = enqueue(start(builder(worker).queue("default", 3)));

    signals.settledAll(JOBS);

    assertThat(runs).hasSize(JOBS).allSatisfy((args, count) -> assertThat(count).isEqualTo(1));
    assertThat(jobs).allSatisfy(job -> assertThat(find(job).attempt()).isEqualTo(1));
  }

  @Test
  void whatWaitsBehindASlowJobGoesToAnotherNode() {
    NeuralBridge one = start(builder(worker).queue("default", 1));
    List<Job> jobs = enqueue(one);
    Signals.awaitQuietly(slowRuns);

    start(builder(worker).queue("default", 1));

    Signals.until(() -> store.counts().get(JobState.COMPLETED) == JOBS - 1);
    assertThat(runs).hasSize(JOBS).allSatisfy((args, count) -> assertThat(count).isEqualTo(1));
    assertThat(jobs).allSatisfy(job -> assertThat(find(job).attempt()).isEqualTo(1));
    release.countDown();
  }

  @Test
  void closingHandsBackWhatWaitsWhileWhatRunsIsWaitedFor() throws Exception {
    NeuralBridge bridge = start(builder(worker).queue("default", 1));
    List<Job> jobs = enqueue(bridge);
    Signals.await(slowRuns);
    Thread closer = new Thread(bridge::close);
    closer.start();

    Signals.until(() -> store.counts().get(JobState.EXECUTING) == 1);

    release.countDown();
    closer.join();
    assertThat(jobs)
        .allSatisfy(
            job -> {
              boolean ran = runs.containsKey(job.spec().args().replace("\"", ""));
              assertThat(stateOf(job)).isEqualTo(ran ? JobState.COMPLETED : JobState.AVAILABLE);
              assertThat(find(job).attempt()).isEqualTo(ran ? 1 : 0);
            });
  }

  private static List<Job> enqueue(NeuralBridge bridge) {
    return bridge.enqueueAll(
        IntStream.range(0, JOBS).mapToObj(i -> TYPE.request("x" + i)).toList());
  }
}
