package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How waiting makes up for a low priority, in simulated time. */
public abstract class AgeingContract extends QueueLab {

  private static final Duration PERIOD = Duration.ofMinutes(5);
  private static final Duration BLINK = Duration.ofMillis(1);

  @Test
  void aJobCountsOnePriorityBetterForEachPeriod() {
    limit(QueueLimits.NONE.withAgeing(PERIOD));
    long patient = insert(TYPE.request("x").withPriority(4)).id();

    clock.advance(PERIOD.multipliedBy(3).minus(BLINK));
    long third = insert(TYPE.request("x").withPriority(2)).id();
    assertThat(ids(claim(1)))
        .as("it counts as 2 and has waited for longer")
        .containsExactly(patient);
    assertThat(ids(claim(1))).containsExactly(third);
  }

  @Test
  void beforeItsPeriodIsOverAJobCountsAsItWasGiven() {
    limit(QueueLimits.NONE.withAgeing(PERIOD));
    long patient = insert(TYPE.request("x").withPriority(4)).id();
    clock.advance(PERIOD.minus(BLINK));
    long fresh = insert(TYPE.request("x").withPriority(3)).id();

    assertThat(ids(claim(1))).containsExactly(fresh);

    insert(TYPE.request("x").withPriority(3));
    clock.advance(BLINK);
    assertThat(ids(claim(1))).containsExactly(patient);
  }

  @Test
  void oneClaimTakesJobsInTheOrderOfTheirEffectivePriority() {
    limit(QueueLimits.NONE.withAgeing(PERIOD));
    insert(2, TYPE.request("x").withPriority(5));
    clock.advance(PERIOD.multipliedBy(3));
    insert(2, TYPE.request("x").withPriority(5));
    insert(2, TYPE.request("x").withPriority(3));
    insert(2, TYPE.request("x").withPriority(1));

    assertThat(priorities(claim(2))).containsExactly(1, 1);
    assertThat(priorities(claim(3))).containsExactly(3, 5, 5);
    assertThat(priorities(claim(10))).containsExactly(3, 5, 5);
  }

  @Test
  void theLowestPriorityIsNotStarvedByAnEndlessStreamOfTheHighest() {
    limit(QueueLimits.NONE.withAgeing(PERIOD));
    long patient = insert(TYPE.request("x").withPriority(9)).id();
    int rounds = 0;
    List<Long> claimed = List.of();
    while (!claimed.contains(patient)) {
      insert(2, TYPE.request("x").withPriority(0));
      claimed = ids(claim(1));
      clock.advance(Duration.ofMinutes(1));
      assertThat(++rounds).isLessThanOrEqualTo(9 * 5 + 2);
    }
    assertThat(rounds).isGreaterThan(9 * 5 - 2);
  }

  @Test
  void theDefaultIsTenMinutes() {
    long patient = insert(TYPE.request("x").withPriority(2)).id();
    clock.advance(Duration.ofMinutes(10));
    insert(TYPE.request("x").withPriority(1));

    assertThat(ids(claim(1))).containsExactly(patient);
  }

  @Test
  void withoutAgeingPrioritiesAreStrict() {
    limit(QueueLimits.NONE.withoutAgeing());
    insert(TYPE.request("x").withPriority(2));
    clock.advance(Duration.ofDays(300));
    queue.renew(node, TTL);
    long fresh = insert(TYPE.request("x").withPriority(1)).id();

    assertThat(ids(claim(1))).containsExactly(fresh);
  }

  @Test
  void anOldPileOfOneKeyDoesNotDelayAFreshJobOfAnother() {
    insert(200, keyed("greedy"));
    clock.advance(Duration.ofHours(2));
    insert(keyed("modest"));

    assertThat(byKey(claim(2))).isEqualTo(Map.of("greedy", 1, "modest", 1));
  }

  @Test
  void keyedJobsAgeToo() {
    limit(QueueLimits.NONE.withAgeing(PERIOD));
    long patient = insert(keyed("a").withPriority(6)).id();
    clock.advance(PERIOD.multipliedBy(4));
    insert(TYPE.request("x").withPriority(2));
    insert(keyed("b").withPriority(3));

    assertThat(ids(claim(1))).containsExactly(patient);
    assertThat(priorities(claim(2))).containsExactly(2, 3);
  }

  @Test
  void manyJobsOfAllPrioritiesAndAgesBeginInTheOrderOfTheRule() {
    limit(QueueLimits.NONE.withAgeing(PERIOD));
    Random random = new Random(11);
    List<Job> jobs = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      Instant due = clock.instant().minusSeconds(random.nextInt(4_000));
      jobs.add(insert(TYPE.request("x").withPriority(random.nextInt(10)).at(due)));
    }
    List<Long> expected = jobs.stream().sorted(this::compare).map(Job::id).toList();

    List<Long> order = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      order.addAll(ids(claim(1)));
    }
    Set<Long> rest = new HashSet<>(ids(claim(50)));

    assertThat(order).containsExactlyElementsOf(expected.subList(0, 40));
    assertThat(rest).containsExactlyInAnyOrderElementsOf(expected.subList(40, 90));
  }

  /** The rule, said again: what is left of the priority; then whole periods; then the rest. */
  private int compare(Job one, Job other) {
    return Comparator.comparing((Job job) -> Math.max(0, job.spec().priority() - periods(job)))
        .thenComparing(job -> -periods(job))
        .thenComparing(job -> job.spec().priority())
        .thenComparing(Job::runAt)
        .thenComparing(Job::id)
        .compare(one, other);
  }

  private int periods(Job job) {
    long waited = Duration.between(job.runAt(), clock.instant()).toSeconds();
    return (int) Math.min(9, waited / PERIOD.toSeconds());
  }
}
