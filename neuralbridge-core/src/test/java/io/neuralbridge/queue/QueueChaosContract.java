package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobEdit;
import io.neuralbridge.job.JobFilter;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.job.Page;
import io.neuralbridge.job.Paging;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random verbs from several nodes at once. No model knows what comes of it, but the books must
 * balance: every lease ends by one settle or one rescue, and every job that is gone was deleted
 * once.
 */
public abstract class QueueChaosContract extends QueueFixture {

  private static final int NODES = 4;
  private static final int STEPS = 120;
  private static final int MAX_CRASHES = 3;
  private static final Duration LONG = Duration.ofDays(1);

  private final Collection<Long> inserted = new ConcurrentLinkedQueue<>();
  private final Collection<Long> deleted = new ConcurrentLinkedQueue<>();
  private final Map<Long, Collection<Long>> tokens = new ConcurrentHashMap<>();
  private final Map<Long, AtomicInteger> ends = new ConcurrentHashMap<>();
  private final AtomicInteger pruned = new AtomicInteger();

  /** What one node does, in a thread of its own. */
  private final class Wild implements Callable<Void> {
    private final Random random;
    private final List<Lease> leases = new ArrayList<>();
    private long id = queue.join("wild", LONG);

    Wild(long seed) {
      random = new Random(seed);
    }

    @Override
    public Void call() {
      for (int i = 0; i < STEPS; i++) {
        step(random.nextInt(100));
      }
      queue.leave(id);
      return null;
    }

    private void step(int dice) {
      if (dice < 20) {
        insert();
      } else if (dice < 45) {
        claim();
      } else if (dice < 68) {
        settle();
      } else if (dice < 74) {
        queue.cancel(someIds());
      } else if (dice < 80) {
        queue.retry(someIds());
      } else if (dice < 84) {
        deleted.addAll(queue.delete(someIds()));
      } else if (dice < 90) {
        queue.edit(someIds(), edit());
      } else if (dice < 93) {
        prune();
      } else if (dice < 95) {
        dieAndJoinAgain();
      } else if (dice < 98) {
        rescue();
      } else {
        clock.advance(Duration.ofSeconds(random.nextInt(5)));
      }
    }

    private void insert() {
      List<NewJob> jobs =
          IntStream.rangeClosed(0, random.nextInt(4))
              .mapToObj(
                  i ->
                      JobType.of("wild", String.class)
                          .withQueue(anyQueue())
                          .withPriority(random.nextInt(3))
                          .request("x".repeat(random.nextInt(10) == 0 ? 3_000 : 3))
                          .in(Duration.ofSeconds(random.nextInt(3)))
                          .toNewJob())
              .toList();
      queue.insert(jobs).forEach(job -> inserted.add(job.id()));
    }

    private void claim() {
      for (Lease lease : queue.claim(new Claim(anyQueue(), id, 1 + random.nextInt(4)))) {
        leases.add(lease);
        tokens
            .computeIfAbsent(lease.job().id(), job -> new ConcurrentLinkedQueue<>())
            .add(lease.token());
      }
    }

    private void settle() {
      List<Transition> batch = new ArrayList<>();
      Set<Long> named = new TreeSet<>();
      for (Lease lease : leases) {
        if (random.nextInt(3) > 0 && named.add(lease.job().id())) {
          batch.add(outcome(lease));
        }
      }
      Set<Long> accepted = queue.settle(batch);
      accepted.forEach(QueueChaosContract.this::ended);
      // Some are kept, to be settled again in vain.
      leases.removeIf(lease -> accepted.contains(lease.job().id()) && random.nextInt(5) > 0);
    }

    private Transition outcome(Lease lease) {
      long job = lease.job().id();
      return switch (random.nextInt(4)) {
        case 0 -> back(lease, Duration.ofSeconds(random.nextInt(3)), false, error(1, "x"));
        case 1 -> back(lease, Duration.ZERO, true, null);
        case 2 -> finish(job, lease.token(), JobState.DISCARDED);
        default -> done(lease);
      };
    }

    private JobEdit edit() {
      JobEdit edit = JobEdit.none().withPriority(random.nextInt(3)).withQueue(anyQueue());
      return random.nextBoolean()
          ? edit.withArgsJson("\"" + "y".repeat(random.nextInt(2_000)) + "\"")
          : edit;
    }

    private void prune() {
      pruned.addAndGet(
          queue.history().delete(queue.history().ended(Duration.ofSeconds(3), null, 3)));
    }

    private void dieAndJoinAgain() {
      queue.leave(id);
      id = queue.join("wild", LONG);
    }

    private String anyQueue() {
      return random.nextBoolean() ? "a" : "b";
    }

    private Set<Long> someIds() {
      List<Long> all = List.copyOf(inserted);
      Set<Long> ids = new TreeSet<>();
      for (int i = random.nextInt(4); i >= 0 && !all.isEmpty(); i--) {
        ids.add(all.get(all.size() - 1 - random.nextInt(Math.min(20, all.size()))));
      }
      return ids;
    }
  }

  private void ended(long job) {
    ends.computeIfAbsent(job, id -> new AtomicInteger()).incrementAndGet();
  }

  private void rescue() {
    queue.rescue(MAX_CRASHES).forEach(job -> ended(job.id()));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theBooksBalance(long seed) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(NODES);
    List<Wild> nodes = IntStream.range(0, NODES).mapToObj(i -> new Wild(seed * 100 + i)).toList();
    for (Future<Void> node : threads.invokeAll(nodes)) {
      node.get();
    }
    threads.shutdown();
    List<Job> left = all();
    assertEachLeaseHasOneEndOrRuns(left);

    rescue();

    assertEachLeaseHasOneEndOrRuns(all());
    assertThat(all()).noneMatch(job -> job.state() == JobState.EXECUTING);
    assertThat(deleted).doesNotHaveDuplicates();
    assertThat(left).extracting(Job::id).doesNotContainAnyElementsOf(deleted);
    assertThat(left)
        .as("%d inserted, %d deleted, %s pruned", inserted.size(), deleted.size(), pruned)
        .hasSize(inserted.size() - deleted.size() - pruned.get());
    assertThat(tokens.values().stream().mapToInt(Collection::size).sum())
        .as("leases")
        .isGreaterThan(NODES * STEPS / 10);
  }

  private void assertEachLeaseHasOneEndOrRuns(List<Job> jobs) {
    Set<Long> executing = new TreeSet<>();
    jobs.stream()
        .filter(job -> job.state() == JobState.EXECUTING)
        .forEach(job -> executing.add(job.id()));
    for (long id : inserted) {
      int begun = tokens.getOrDefault(id, List.of()).size();
      int over = ends.getOrDefault(id, new AtomicInteger()).get();
      assertThat(begun - over)
          .as("open leases of %d", id)
          .isEqualTo(executing.contains(id) ? 1 : 0);
    }
  }

  private List<Job> all() {
    List<Job> jobs = new ArrayList<>();
    Paging paging = Paging.newest(1_000);
    Page<Job> page;
    do {
      page = queue.list(JobFilter.all(), paging);
      jobs.addAll(page.items());
      paging = paging.after(page.next());
    } while (page.next() != null);
    return jobs;
  }
}
