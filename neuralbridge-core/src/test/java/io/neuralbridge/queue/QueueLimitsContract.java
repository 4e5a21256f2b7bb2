package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How many jobs run at once on all nodes together. */
public abstract class QueueLimitsContract extends QueueLab {

  private static final QueueLimits THREE = QueueLimits.NONE.withMaxRunning(3);
  private static final QueueLimits TWO_A_KEY = QueueLimits.NONE.withMaxRunningPerKey(2);

  @Test
  void allNodesTogetherRunNoMoreThanTheLimit() {
    limit(THREE);
    insert(10, TYPE.request("x"));
    long other = queue.join("other", TTL);

    List<Lease> here = claim(2);
    List<Lease> there = queue.claim(new Claim(QUEUE, other, 10));

    assertThat(here).hasSize(2);
    assertThat(there).hasSize(1);
    assertThat(claim(10)).isEmpty();
    finish(there);
    assertThat(claim(10)).hasSize(1);
  }

  @Test
  void otherQueuesDoNotCount() {
    limit(THREE);
    insert(5, TYPE.request("x"));
    insert(5, TYPE.withQueue("other").request("x"));

    assertThat(claim(10)).hasSize(3);
    assertThat(queue.claim(new Claim("other", node, 10))).hasSize(5);
  }

  @Test
  void jobsOfADeadNodeCountUntilTheyAreRescued() {
    limit(THREE);
    insert(4, TYPE.request("x"));
    long doomed = queue.join("doomed", TTL);
    assertThat(queue.claim(new Claim(QUEUE, doomed, 10))).hasSize(3);

    queue.leave(doomed);
    assertThat(claim(10)).isEmpty();

    queue.rescue(5);
    assertThat(claim(10)).hasSize(3);
  }

  @Test
  void everyKeyHasItsOwnLimitAndJobsWithoutOneHaveNone() {
    limit(TWO_A_KEY);
    insert(5, keyed("a"));
    insert(5, keyed("b"));
    insert(5, TYPE.request("x"));

    List<Lease> leases = claim(20);

    assertThat(byKey(leases)).isEqualTo(Map.of("a", 2, "b", 2, "", 5));
    finish(leases.stream().filter(lease -> "a".equals(keyOf(lease))).toList());
    assertThat(byKey(claim(20))).isEqualTo(Map.of("a", 2));
  }

  @Test
  void aKeyAtItsLimitDoesNotStandInTheWayOfAnotherHoweverManyJobsItHas() {
    limit(QueueLimits.NONE.withMaxRunningPerKey(1));
    insert(3_000, keyed("greedy"));
    insert(keyed("greedy").in(Duration.ofHours(1)));
    assertThat(byKey(claim(50))).isEqualTo(Map.of("greedy", 1));

    insert(keyed("zoe"));
    insert(keyed("anna"));

    assertThat(byKey(claim(50))).isEqualTo(Map.of("anna", 1, "zoe", 1));
  }

  @Test
  void limitsMayBeChangedWhileJobsRun() {
    insert(20, TYPE.request("x"));
    List<Lease> before = claim(5);

    limit(THREE);
    assertThat(claim(10)).as("five run already").isEmpty();
    finish(before.subList(0, 3));
    assertThat(claim(10)).hasSize(1);

    limit(THREE.withMaxRunning(6));
    assertThat(claim(10)).hasSize(3);

    limit(QueueLimits.NONE);
    assertThat(claim(10)).hasSize(10);
  }

  @Test
  void whoWaitsForTheEndOfOthersHasNothingToWaitFor() {
    limit(QueueLimits.NONE.withMaxRunning(2).withMaxRunningPerKey(1));
    insert(2, keyed("a"));
    assertThat(queue.untilNextDue(QUEUE)).contains(Duration.ZERO);

    List<Lease> leases = claim(10);
    assertThat(leases).hasSize(1);
    assertThat(queue.untilNextDue(QUEUE)).as("the key is at its limit").isEmpty();

    insert(2, TYPE.request("x"));
    assertThat(queue.untilNextDue(QUEUE)).contains(Duration.ZERO);
    assertThat(claim(10)).hasSize(1);
    assertThat(queue.untilNextDue(QUEUE)).as("the queue is at its limit").isEmpty();

    finish(leases);
    assertThat(queue.untilNextDue(QUEUE)).contains(Duration.ZERO);
  }

  @Test
  void theNextDueJobIsFoundWithAndWithoutAKey() {
    insert(keyed("a").in(Duration.ofSeconds(30)));
    assertThat(queue.untilNextDue(QUEUE)).contains(Duration.ofSeconds(30));
    insert(TYPE.request("x").in(Duration.ofSeconds(20)));
    assertThat(queue.untilNextDue(QUEUE)).contains(Duration.ofSeconds(20));
    insert(keyed("b").in(Duration.ofSeconds(10)));
    assertThat(queue.untilNextDue(QUEUE)).contains(Duration.ofSeconds(10));
  }

  @Test
  void theLimitsHoldWhileManyClaimSettleAndDieAtOnce() throws Exception {
    int jobs = 600;
    int maxRunning = 7;
    int maxPerKey = 3;
    limit(QueueLimits.NONE.withMaxRunning(maxRunning).withMaxRunningPerKey(maxPerKey));
    for (String key : List.of("a", "b", "c")) {
      insert(jobs / 4, keyed(key));
    }
    insert(jobs / 4, TYPE.request("x"));
    Overruns watch = new Overruns(maxRunning, maxPerKey);
    AtomicInteger done = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<?>> nodes = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Random random = new Random(i);
      nodes.add(threads.submit(() -> work(random, watch, done, jobs)));
    }
    for (Future<?> each : nodes) {
      each.get();
    }
    threads.shutdown();

    assertThat(done).hasValue(jobs);
    assertThat(watch.seen).as("claims beyond a limit").isEmpty();
  }

  private void work(Random random, Overruns watch, AtomicInteger done, int jobs) {
    long mine = queue.join("worker", TTL);
    while (done.get() < jobs) {
      List<Lease> leases = queue.claim(new Claim(QUEUE, mine, 1 + random.nextInt(5)));
      leases.forEach(lease -> watch.begins(lease.job()));
      if (random.nextInt(20) == 0) {
        leases.forEach(lease -> watch.ends(lease.job()));
        queue.leave(mine);
        mine = queue.join("worker", TTL);
        queue.rescue(1_000);
        continue;
      }
      for (Lease lease : leases) {
        watch.ends(lease.job());
        if (random.nextInt(4) == 0) {
          giveBack(lease);
        } else {
          finish(List.of(lease));
          done.incrementAndGet();
        }
      }
    }
  }

  private static String keyOf(Lease lease) {
    return lease.job().spec().share().key();
  }

  /**
   * Counts what runs from outside: a job begins to count when its claim has come back, and ceases
   * to before its end is stored, so that what is counted is never more than what the store counts.
   */
  private static final class Overruns {

    final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final int maxRunning;
    private final int maxPerKey;
    private final Map<Long, String> running = new ConcurrentHashMap<>();

    Overruns(int maxRunning, int maxPerKey) {
      this.maxRunning = maxRunning;
      this.maxPerKey = maxPerKey;
    }

    synchronized void begins(Job job) {
      String key = job.spec().share().key();
      running.put(job.id(), key == null ? "" : key);
      if (running.size() > maxRunning) {
        seen.add("%d run".formatted(running.size()));
      }
      long ofKey = running.values().stream().filter(other -> other.equals(key)).count();
      if (key != null && ofKey > maxPerKey) {
        seen.add("%d run of %s".formatted(ofKey, key));
      }
    }

    synchronized void ends(Job job) {
      running.remove(job.id());
    }
  }
}
