package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobCursor;
import io.neuralbridge.job.JobFilter;
import io.neuralbridge.job.JobOrder;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.job.Page;
import io.neuralbridge.job.Paging;
import io.neuralbridge.job.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random jobs, random filters: the pages of a listing hold each job that the filter is about, once,
 * in order. A failure names its seed.
 */
public abstract class QueueListPropertyContract extends QueueFixture {

  private static final int JOBS = 150;
  private static final int FILTERS = 40;
  private static final List<String> TAGS = List.of("red", "green", "blue");

  private Random random;
  private Instant begin;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void pagesHoldEachJobOnceInOrder(long seed) {
    random = new Random(seed);
    begin = clock.instant();
    makeHistory();
    List<Job> all = all();
    assertThat(all).hasSize(JOBS);
    for (int i = 0; i < FILTERS; i++) {
      JobFilter filter = filter(all);
      JobOrder order = any(List.of(JobOrder.values()));
      List<Job> expected =
          all.stream()
              .filter(order::lists)
              .filter(filter::matches)
              .sorted(order.comparator())
              .toList();

      assertThat(pages(filter, Paging.by(order).withSize(1 + random.nextInt(40))))
          .as("seed %d: %s by %s", seed, filter, order)
          .isEqualTo(expected);
    }
  }

  private void makeHistory() {
    for (int made = 0; made < JOBS; made += 10) {
      queue.insert(IntStream.range(0, 10).mapToObj(i -> randomJob()).toList());
      clock.advance(Duration.ofSeconds(random.nextInt(3)));
      List<Transition> outcomes =
          queue.claim(new Claim(name(), node, 5)).stream()
              .filter(lease -> random.nextInt(5) > 0)
              .map(this::outcome)
              .toList();
      clock.advance(Duration.ofSeconds(random.nextInt(3)));
      queue.settle(outcomes);
    }
  }

  private NewJob randomJob() {
    return JobType.of("kind-" + name(), String.class)
        .withQueue(name())
        .withPriority(random.nextInt(10))
        .withTags(TAGS.stream().filter(tag -> random.nextBoolean()).toArray(String[]::new))
        .request("x")
        .withMeta(random.nextBoolean() ? Map.of() : Map.of("tenant", name(), "b", name()))
        .withKey(name())
        .in(Duration.ofSeconds(random.nextInt(3) == 0 ? random.nextInt(60) : 0))
        .toNewJob();
  }

  private Transition outcome(Lease lease) {
    return switch (random.nextInt(4)) {
      case 0 -> back(lease, Duration.ofSeconds(random.nextInt(60)), random.nextBoolean(), null);
      case 1 -> finish(lease.job().id(), lease.token(), JobState.DISCARDED);
      case 2 -> finish(lease.job().id(), lease.token(), JobState.CANCELLED);
      default -> done(lease);
    };
  }

  /** Each property is asked for now and then. */
  private JobFilter filter(List<Job> all) {
    JobFilter filter = JobFilter.all();
    List<JobState> states = List.of(JobState.values());
    if (sometimes()) {
      filter = filter.withStates(any(states), any(states));
    }
    filter = sometimes() ? filter.withQueues(name(), name()) : filter;
    filter = sometimes() ? filter.withKinds("kind-" + name()) : filter;
    filter = sometimes() ? filter.withPriorities(random.nextInt(10), random.nextInt(10)) : filter;
    filter = sometimes() ? filter.withAnyTag("red", "blue") : filter;
    filter = sometimes() ? filter.withAllTags("red", "green") : filter;
    filter = sometimes() ? filter.withMeta("tenant", name()) : filter;
    filter = sometimes() ? filter.withKey(name()) : filter;
    filter = sometimes() ? filter.withCreated(range()) : filter;
    filter = sometimes() ? filter.withDue(range()) : filter;
    filter = sometimes() ? filter.withFinished(range()) : filter;
    if (sometimes()) {
      filter =
          filter.withIds(all.stream().map(Job::id).filter(id -> random.nextBoolean()).toList());
    }
    return filter;
  }

  private boolean sometimes() {
    return random.nextInt(6) == 0;
  }

  private TimeRange range() {
    Instant from = begin.plusSeconds(random.nextInt(30));
    return random.nextBoolean()
        ? TimeRange.from(from)
        : TimeRange.between(from, from.plusSeconds(1 + random.nextInt(30)));
  }

  private String name() {
    return any(List.of("a", "b", "c"));
  }

  private <T> T any(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private List<Job> all() {
    return pages(JobFilter.all(), Paging.newest(1_000));
  }

  private List<Job> pages(JobFilter filter, Paging paging) {
    List<Job> jobs = new ArrayList<>();
    Paging wanted = paging;
    JobCursor next;
    do {
      Page<Job> page = queue.list(filter, wanted);
      jobs.addAll(page.items());
      next = page.next();
      wanted = paging.after(next == null ? null : JobCursor.parse(next.toString()));
    } while (next != null);
    return jobs;
  }
}
