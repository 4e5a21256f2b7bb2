package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.FailurePolicy;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.NewJob;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;

/** Jobs that need others while many threads settle, insert, retry and stage at once. */
public abstract class QueueLinksRaceContract extends TieFixture {

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @RepeatedTest(5)
  void theLastNeedsMayEndAtOnce() throws Exception {
    int width = 4;
    List<Job> needed = queue.insert(IntStream.range(0, width * 10).mapToObj(i -> free()).toList());
    List<Job> dependents = new ArrayList<>();
    for (int i = 0; i < needed.size(); i += width) {
      dependents.add(insert(needing(needed.subList(i, i + width).toArray(Job[]::new))));
    }
    stage();
    List<List<Lease>> shares = shares(claim(1_000), width);

    atOnce(shares.stream().<Callable<?>>map(share -> () -> settleAndStage(share)).toList());
    stage();

    assertThat(dependents).extracting(this::stateOf).containsOnly(JobState.AVAILABLE);
    assertThat(claimedIds()).hasSize(dependents.size());
  }

  private Object settleAndStage(List<Lease> leases) {
    for (Lease lease : leases) {
      settle(lease, JobState.COMPLETED);
      queue.stage(100);
    }
    return leases;
  }

  private static List<List<Lease>> shares(List<Lease> leases, int count) {
    List<List<Lease>> shares = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      shares.add(new ArrayList<>());
    }
    for (int i = 0; i < leases.size(); i++) {
      shares.get(i % count).add(leases.get(i));
    }
    return shares;
  }

  @RepeatedTest(5)
  void aJobMayEndWhileOthersThatNeedItAreInserted() throws Exception {
    List<Job> needed = queue.insert(IntStream.range(0, 30).mapToObj(i -> free()).toList());
    List<Lease> leases = claim(1_000);
    List<Job> dependents = Collections.synchronizedList(new ArrayList<>());

    atOnce(
        List.of(
            () -> settleAndStage(leases),
            () -> {
              needed.forEach(job -> dependents.add(insert(needing(job))));
              return stage();
            },
            () -> {
              List<NewJob> all = needed.stream().map(job -> needing(job)).toList();
              return dependents.addAll(queue.insert(all));
            }));
    stage();

    assertThat(dependents).hasSize(60).extracting(this::stateOf).containsOnly(JobState.AVAILABLE);
  }

  @RepeatedTest(5)
  void aJobMayBeRetriedWhileItsEndIsStaged() throws Exception {
    List<Job> needed = queue.insert(IntStream.range(0, 20).mapToObj(i -> free()).toList());
    List<Job> held =
        queue.insert(needed.stream().map(job -> needing(FailurePolicy.HOLD, job)).toList());
    stage();
    List<Lease> leases = claim(1_000);
    Random random = new Random(7);

    atOnce(
        List.of(
            () -> {
              for (Lease lease : leases) {
                settle(lease, JobState.DISCARDED);
                queue.stage(100);
              }
              return null;
            },
            () -> {
              for (int i = 0; i < 60; i++) {
                queue.retry(List.of(needed.get(random.nextInt(needed.size())).id()));
                queue.stage(100);
              }
              return null;
            }));
    queue.retry(needed.stream().map(Job::id).toList());
    List<Lease> again = claim(1_000);
    assertThat(again).hasSize(needed.size());
    settleAndStage(again);
    stage();

    assertThat(held).extracting(this::stateOf).containsOnly(JobState.AVAILABLE);
  }

  private void atOnce(List<Callable<?>> calls) throws Exception {
    CyclicBarrier start = new CyclicBarrier(calls.size());
    List<Future<?>> ends = new ArrayList<>();
    for (Callable<?> call : calls) {
      ends.add(
          threads.submit(
              () -> {
                start.await();
                return call.call();
              }));
    }
    for (Future<?> end : ends) {
      end.get();
    }
  }
}
