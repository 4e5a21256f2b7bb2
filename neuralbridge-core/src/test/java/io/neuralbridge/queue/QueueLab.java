package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobRequest;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.testing.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;

/** An empty queue with a virtual clock and one node, for contracts. */
abstract class QueueLab {

  static final Duration TTL = Duration.ofDays(1);
  static final String QUEUE = "default";
  static final String NODE = "here";
  static final JobType<String> TYPE = JobType.of("work", String.class);

  protected final VirtualClock clock = new VirtualClock(Instant.parse("2026-03-01T12:00:00Z"));
  Queue queue;
  QueueControls controls;
  long node;

  /** An empty queue whose time is {@code clock}'s. */
  protected abstract Queue newQueue(InstantSource clock) throws Exception;

  @BeforeEach
  void open() throws Exception {
    queue = newQueue(clock);
    controls = queue.controls();
    node = queue.join(NODE, TTL);
  }

  void limit(QueueLimits limits) {
    controls.limit(QUEUE, limits);
  }

  static JobRequest<String> keyed(String key) {
    return TYPE.request("x").withKey(key);
  }

  List<Job> insert(int count, JobRequest<?> request) {
    NewJob job = request.toNewJob();
    return queue.insert(Collections.nCopies(count, job));
  }

  Job insert(JobRequest<?> request) {
    return insert(1, request).get(0);
  }

  List<Lease> claim(int limit) {
    return queue.claim(new Claim(QUEUE, node, limit));
  }

  void finish(Collection<Lease> leases) {
    List<Transition> ends = new ArrayList<>();
    for (Lease lease : leases) {
      ends.add(
          new Transition.Finish(lease.job().id(), lease.token(), JobState.COMPLETED, null, null));
    }
    assertThat(queue.settle(ends)).hasSize(leases.size());
  }

  void giveBack(Lease lease) {
    queue.settle(
        List.of(new Transition.Back(lease.job().id(), lease.token(), Duration.ZERO, true, null)));
  }

  static List<Long> ids(List<Lease> leases) {
    return leases.stream().map(lease -> lease.job().id()).toList();
  }

  static List<Integer> priorities(List<Lease> leases) {
    return leases.stream().map(lease -> lease.job().spec().priority()).toList();
  }

  /** How many leases each key has; the empty one stands for none. */
  static Map<String, Integer> byKey(List<Lease> leases) {
    Map<String, Integer> counts = new TreeMap<>();
    for (Lease lease : leases) {
      String key = lease.job().spec().share().key();
      counts.merge(key == null ? "" : key, 1, Integer::sum);
    }
    return counts;
  }
}
