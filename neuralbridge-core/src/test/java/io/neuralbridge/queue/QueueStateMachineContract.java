package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobEdit;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobFilter;
import io.neuralbridge.job.JobRequest;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.job.Paging;
import io.neuralbridge.testing.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random verbs from random nodes against a model: whatever the order, a store makes no transition
 * that the model does not, loses no job and leases none twice. A failure names its seed.
 */
public abstract class QueueStateMachineContract {

  private static final int STEPS = 250;
  private static final int MAX_CRASHES = 3;
  private static final Duration TTL = Duration.ofSeconds(20);

  private final VirtualClock clock = new VirtualClock(Instant.parse("2026-03-01T12:00:00Z"));
  private final QueueModel model = new QueueModel(MAX_CRASHES);
  private final List<Long> nodes = new ArrayList<>();
  private final List<Lease> everLeased = new ArrayList<>();
  private Random random;
  private Queue queue;

  /** An empty queue whose time is {@code clock}'s. */
  protected abstract Queue newQueue(InstantSource clock) throws Exception;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 5, 8, 13})
  void everyOrderOfVerbsKeepsTheModel(long seed) throws Exception {
    random = new Random(seed);
    queue = newQueue(clock);
    join();
    for (int step = 0; step < STEPS; step++) {
      String verb = step();
      if (step % 25 == 0 || step == STEPS - 1) {
        assertThat(snapshot()).as("seed %d, step %d, %s", seed, step, verb).isEqualTo(model.jobs());
      }
    }
  }

  private String step() {
    int dice = random.nextInt(100);
    if (dice < 20) {
      insert();
      return "insert";
    } else if (dice < 45) {
      claim();
      return "claim";
    } else if (dice < 70) {
      settle();
      return "settle";
    } else if (dice < 74) {
      clock.advance(Duration.ofSeconds(random.nextInt(15)));
      return "time passes";
    } else if (dice < 80) {
      renew();
      return "renew";
    } else if (dice < 84) {
      join();
      return "join";
    } else if (dice < 86) {
      leave();
      return "leave";
    } else if (dice < 90) {
      rescue();
      return "rescue";
    } else if (dice < 93) {
      Set<Long> ids = someIds();
      assertThat(queue.cancel(ids)).isEqualTo(model.cancel(ids, clock.instant()));
      return "cancel";
    } else if (dice < 95) {
      Set<Long> ids = someIds();
      assertThat(queue.retry(ids)).isEqualTo(model.retry(ids, clock.instant()));
      return "retry";
    } else if (dice < 96) {
      Set<Long> ids = someIds();
      assertThat(queue.delete(ids)).isEqualTo(model.delete(ids));
      return "delete";
    } else if (dice < 98) {
      Set<Long> ids = someIds();
      JobEdit edit = randomEdit();
      assertThat(queue.edit(ids, edit)).isEqualTo(model.edit(ids, edit));
      return "edit";
    }
    prune();
    return "prune";
  }

  private void insert() {
    List<NewJob> jobs =
        IntStream.rangeClosed(1, 1 + random.nextInt(4)).mapToObj(i -> randomJob()).toList();
    model.insert(queue.insert(jobs));
  }

  /** Some of the jobs in queue b have keys, none in queue a. */
  private NewJob randomJob() {
    boolean inA = random.nextBoolean();
    JobRequest<String> request =
        JobType.of("work", String.class)
            .withQueue(inA ? "a" : "b")
            .withPriority(random.nextInt(10))
            .withMaxAttempts(1 + random.nextInt(3))
            .request("x".repeat(random.nextInt(20) == 0 ? 5_000 : 5))
            .in(Duration.ofSeconds(random.nextInt(3) == 0 ? random.nextInt(30) : 0));
    return inA || random.nextInt(3) > 0
        ? request.toNewJob()
        : request.withKey("key" + random.nextInt(4)).toNewJob();
  }

  private void claim() {
    Claim claim = new Claim(random.nextBoolean() ? "a" : "b", anyNode(), 1 + random.nextInt(5));
    List<Lease> leases = queue.claim(claim);
    model.claim(claim, leases, clock.instant());
    everLeased.addAll(leases);
  }

  /** Settles any lease there ever was, so that stale ones are tried as often as live ones. */
  private void settle() {
    List<Transition> batch = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0 && !everLeased.isEmpty(); i--) {
      int newest = Math.min(everLeased.size(), random.nextInt(10) == 0 ? Integer.MAX_VALUE : 8);
      batch.add(outcome(everLeased.get(everLeased.size() - 1 - random.nextInt(newest))));
    }
    assertThat(queue.settle(batch)).isEqualTo(model.settle(batch, clock.instant()));
  }

  private Transition outcome(Lease lease) {
    long id = lease.job().id();
    JobError error = JobError.of(lease.job().attempt(), clock.instant(), "random", "it failed");
    return switch (random.nextInt(5)) {
      case 0 -> new Transition.Finish(id, lease.token(), JobState.DISCARDED, null, error);
      case 1 -> new Transition.Finish(id, lease.token(), JobState.CANCELLED, null, null);
      case 2 ->
          new Transition.Back(
              id, lease.token(), Duration.ofSeconds(random.nextInt(20)), false, error);
      case 3 -> Transition.Back.inPlace(id, lease.token(), null);
      default -> new Transition.Finish(id, lease.token(), JobState.COMPLETED, "{}", null);
    };
  }

  private JobEdit randomEdit() {
    JobEdit edit = JobEdit.none().withPriority(random.nextInt(10));
    edit = random.nextBoolean() ? edit.withQueue(random.nextBoolean() ? "a" : "b") : edit;
    edit = random.nextBoolean() ? edit.withMaxAttempts(1 + random.nextInt(4)) : edit;
    edit =
        random.nextBoolean()
            ? edit.withArgsJson("\"" + "y".repeat(random.nextInt(2_000)) + "\"")
            : edit;
    return random.nextBoolean()
        ? edit.withRunAt(clock.instant().plusSeconds(random.nextInt(30)))
        : edit;
  }

  private void prune() {
    Duration age = Duration.ofSeconds(30 + random.nextInt(60));
    List<EndedJob> ended = queue.history().ended(age, null, 1_000);
    List<Long> ids = ended.stream().map(EndedJob::id).toList();
    assertThat(ids).isEqualTo(model.ended(age, clock.instant()));
    assertThat(queue.history().delete(ended)).isEqualTo(ids.size());
    model.prune(ids);
  }

  private void join() {
    long node = queue.join("node", TTL);
    nodes.add(node);
    model.join(node, clock.instant().plus(TTL));
  }

  private void renew() {
    long node = anyNode();
    assertThat(queue.renew(node, TTL)).isEqualTo(model.renew(node, clock.instant().plus(TTL)));
  }

  private void leave() {
    long node = anyNode();
    queue.leave(node);
    model.leave(node);
  }

  private void rescue() {
    List<Long> rescued = queue.rescue(MAX_CRASHES).stream().map(Job::id).toList();
    assertThat(rescued)
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(model.rescue(clock.instant()));
  }

  private long anyNode() {
    return nodes.get(nodes.size() - 1 - random.nextInt(Math.min(3, nodes.size())));
  }

  private Set<Long> someIds() {
    List<Long> all = model.everInserted();
    Set<Long> ids = new TreeSet<>();
    for (int i = random.nextInt(3); i >= 0 && !all.isEmpty(); i--) {
      ids.add(all.get(random.nextInt(all.size())));
    }
    return ids;
  }

  private List<QueueModel.View> snapshot() {
    List<Job> jobs = new ArrayList<>(queue.list(JobFilter.all(), Paging.newest(1_000)).items());
    Collections.reverse(jobs);
    return jobs.stream()
        .map(job -> new QueueModel.View(job, queue.errors(job.id()).size()))
        .toList();
  }
}
