package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.job.Unique;
import io.neuralbridge.job.Unique.Field;
import io.neuralbridge.job.Unique.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever inserts at the same time: a key has one holder, in every {@link Queue}. */
public abstract class UniqueConcurrencyContract extends QueueFixture {

  private static final int KEYS = 12;
  private static final List<Scope> SCOPES = List.of(Scope.values());

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void ofFiftyInsertersOfOneKeyExactlyOneStoresItsJob() throws Exception {
    for (int round = 0; round < 3; round++) {
      NewJob job = unique("round " + round, Unique.byArgs().during(Scope.WAITING));

      List<Job> jobs = atOnce(50, i -> queue.insert(List.of(job)).get(0));

      assertThat(jobs.stream().filter(j -> !j.existing())).hasSize(1);
      assertThat(jobs).extracting(Job::id).containsOnly(jobs.get(0).id());
      assertThat(claim(100)).hasSize(1);
    }
  }

  @Test
  void batchesThatMeetInAnyOrderStoreEachKeyOnce() throws Exception {
    for (int round = 0; round < 5; round++) {
      Unique unique = Unique.byArgs().during(Scope.WAITING).replacing(Field.PRIORITY);
      List<NewJob> all = new ArrayList<>();
      IntStream.range(0, 100).forEach(i -> all.add(unique("key " + i, unique)));

      List<List<Job>> batches =
          atOnce(
              8,
              i -> {
                List<NewJob> mine = new ArrayList<>(all);
                Collections.shuffle(mine, new Random(i));
                return queue.insert(mine);
              });

      List<Job> stored =
          batches.stream().flatMap(List::stream).filter(job -> !job.existing()).toList();
      assertThat(stored).hasSize(100);
      assertThat(claim(1_000)).hasSize(100);
    }
  }

  /**
   * The promise behind "unique while it waits": what happened before an enqueue returned is seen by
   * a run that begins later, be it that of the job which was found.
   */
  @Test
  void noEventIsLostBetweenAnEnqueueThatFindsAJobAndTheClaimOfThatJob() throws Exception {
    AtomicInteger events = new AtomicInteger();
    AtomicInteger seen = new AtomicInteger();
    AtomicBoolean done = new AtomicBoolean();
    NewJob refresh = unique("refresh", Unique.byArgs().during(Scope.WAITING));
    List<Future<Void>> runners = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      runners.add(threads.submit(() -> runUntil(done, events, seen)));
    }

    atOnce(
        4,
        i -> {
          for (int n = 0; n < 50; n++) {
            events.incrementAndGet();
            queue.insert(List.of(refresh));
          }
          return true;
        });
    done.set(true);
    for (Future<Void> runner : runners) {
      runner.get();
    }

    assertThat(seen).hasValue(200);
  }

  private Void runUntil(AtomicBoolean done, AtomicInteger events, AtomicInteger seen) {
    boolean last;
    do {
      last = done.get();
      for (Lease lease : claim(5)) {
        seen.accumulateAndGet(events.get(), Math::max);
        end(lease, JobState.COMPLETED);
      }
    } while (!last);
    return null;
  }

  /** Random verbs from several threads, and a look at all jobs whenever these pause. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void aKeyNeverHasTwoLiveHolders(long seed) throws Exception {
    Map<Long, String> keys = new ConcurrentHashMap<>();
    for (int round = 0; round < 6; round++) {
      int number = round;
      atOnce(4, thread -> verbs(new Random(seed * 1_000 + 10L * number + thread), keys));
      assertOneHolder(keys, "seed %d, round %d".formatted(seed, round));
      clock.advance(Duration.ofSeconds(10));
    }
  }

  private boolean verbs(Random random, Map<Long, String> keys) {
    List<Lease> mine = new ArrayList<>();
    for (int step = 0; step < 25; step++) {
      int dice = random.nextInt(100);
      if (dice < 50) {
        insertSome(random, keys);
      } else if (dice < 70) {
        mine.addAll(claim(1 + random.nextInt(3)));
      } else if (dice < 85 && !mine.isEmpty()) {
        settle(random, mine.remove(0));
      } else if (dice < 92) {
        queue.cancel(someOf(random, keys.keySet()));
      } else if (dice < 98) {
        queue.retry(someOf(random, keys.keySet()));
      } else {
        queue.history().delete(queue.history().ended(Duration.ofSeconds(15), null, 100));
      }
    }
    mine.forEach(lease -> settle(random, lease));
    return true;
  }

  private void insertSome(Random random, Map<Long, String> keys) {
    List<Integer> numbers = random.ints(1 + random.nextInt(4), 0, KEYS).boxed().toList();
    List<Job> jobs =
        queue.insert(numbers.stream().map(n -> unique("key " + n, uniqueOf(n))).toList());
    for (int i = 0; i < jobs.size(); i++) {
      String key = "key " + numbers.get(i);
      assertThat(TYPE.decode(jobs.get(i).spec().args())).isEqualTo(key);
      keys.put(jobs.get(i).id(), key);
    }
  }

  private static Unique uniqueOf(int number) {
    return Unique.byArgs().during(SCOPES.get(number % SCOPES.size()));
  }

  private void settle(Random random, Lease lease) {
    switch (random.nextInt(5)) {
      case 0 -> end(lease, JobState.DISCARDED);
      case 1 -> end(lease, JobState.CANCELLED);
      case 2 -> backAtOnce(lease);
      default -> end(lease, JobState.COMPLETED);
    }
  }

  private static Set<Long> someOf(Random random, Collection<Long> ids) {
    List<Long> all = new ArrayList<>(new TreeSet<>(ids));
    Set<Long> some = new TreeSet<>();
    for (int i = 0; i < 3 && !all.isEmpty(); i++) {
      some.add(all.get(random.nextInt(all.size())));
    }
    return some;
  }

  // A job that was claimed once may wait for a retry beside one that took its key: only those that
  // never ran are counted for the scope that ends with the claim.
  private void assertOneHolder(Map<Long, String> keys, String when) {
    Map<String, List<Job>> holders = new HashMap<>();
    for (long id : keys.keySet()) {
      Job job = queue.find(id).orElse(null);
      String key = keys.get(id);
      if (job != null) {
        Scope scope = uniqueOf(Integer.parseInt(key.substring(4))).scope();
        boolean holds = scope.covers(job.state()) && (scope != Scope.WAITING || job.attempt() == 0);
        if (holds) {
          holders.computeIfAbsent(key, k -> new ArrayList<>()).add(job);
        }
      }
    }
    assertThat(
            holders.values().stream().filter(jobs -> jobs.size() > 1).collect(Collectors.toList()))
        .as(when)
        .isEmpty();
  }

  private interface Part<T> {
    T run(int number) throws Exception;
  }

  private <T> List<T> atOnce(int count, Part<T> part) throws Exception {
    CyclicBarrier start = new CyclicBarrier(count);
    List<Future<T>> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      Callable<T> task =
          () -> {
            start.await();
            return part.run(number);
          };
      parts.add(threads.submit(task));
    }
    List<T> results = new ArrayList<>();
    for (Future<T> result : parts) {
      results.add(result.get());
    }
    return results;
  }

  private static NewJob unique(String args, Unique unique) {
    return TYPE.request(args).withUnique(unique).toNewJob();
  }
}
