package io.neuralbridge.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One job for each planned time, whoever fires and however many at once. */
public abstract class SchedulerFireContract extends SchedulerContract {

  @Test
  void nothingIsFiredBeforeItsTime() {
    scheduler.create(hourly("cleanup"));

    assertThat(scheduler.fire(10)).isEmpty();
    assertThat(fireAt(at("13:00").minusMillis(1))).isEmpty();
    assertThat(fireAt(at("13:00"))).hasSize(1);
    assertThat(scheduler.fire(10)).isEmpty();
  }

  @Test
  void aFiredJobIsAnOrdinaryJobThatKnowsItsEntryAndTime() {
    scheduler.create(
        Recurring.of(
            "cleanup",
            HOURLY,
            CLEANUP
                .withQueue("slow")
                .withTags("tidy")
                .request("old")
                .withMeta(Map.of("tenant", "a"))
                .withKey("a")));

    Job job = fireAt(at("13:00").plusSeconds(2)).get(0);

    assertThat(queue.find(job.id())).contains(job);
    assertThat(job.state()).isEqualTo(JobState.AVAILABLE);
    assertThat(job.runAt()).as("due since its planned time").isEqualTo(at("13:00"));
    assertThat(job.createdAt()).isEqualTo(at("13:00").plusSeconds(2));
    assertThat(job.queue()).isEqualTo("slow");
    assertThat(job.spec().tags()).containsExactly("tidy");
    assertThat(job.spec().share().key()).isEqualTo("a");
    assertThat(job.spec().meta())
        .containsEntry("tenant", "a")
        .containsEntry(Recurring.NAME_KEY, "cleanup")
        .containsEntry(Recurring.PLANNED_KEY, "2026-03-04T13:00:00Z");
    assertThat(Recurring.plannedAt(job.spec())).contains(at("13:00"));
    assertThat(CLEANUP.decode(job.spec().args())).isEqualTo("old");
  }

  @Test
  void theEntryNotesWhatItFiredAndGoesOn() {
    scheduler.create(hourly("cleanup"));

    Job job = fireAt(at("13:00")).get(0);

    assertThat(find("cleanup").lastAt()).isEqualTo(at("13:00"));
    assertThat(find("cleanup").lastJobId()).isEqualTo(job.id());
    assertThat(find("cleanup").nextAt()).isEqualTo(at("14:00"));
  }

  @Test
  void theLongestDueComeFirstAndTheLimitHolds() {
    scheduler.create(hourly("b"));
    scheduler.create(hourly("a"));
    scheduler.create(
        hourly("first").withSchedule(CronSchedule.parse("50 * * * *", ZoneOffset.UTC)));
    advanceTo(at("13:00"));

    assertThat(scheduler.fire(2))
        .extracting(SchedulerFireContract::name)
        .containsExactly("first", "a");
    assertThat(scheduler.untilNextFire()).contains(Duration.ZERO);
    assertThat(scheduler.fire(2)).extracting(SchedulerFireContract::name).containsExactly("b");
    assertThat(scheduler.fire(2)).isEmpty();
  }

  private static String name(Job job) {
    return job.spec().meta().get(Recurring.NAME_KEY);
  }

  @Test
  void untilNextFireIsTheTimeToTheFirstEntryThatIsNotPaused() {
    assertThat(scheduler.untilNextFire()).isEmpty();
    scheduler.create(hourly("cleanup"));
    scheduler.create(hourly("often").withSchedule(Schedule.every(Duration.ofMinutes(10))));

    assertThat(scheduler.untilNextFire()).contains(Duration.ofMinutes(10));
    scheduler.pause("often");
    assertThat(scheduler.untilNextFire()).contains(Duration.ofHours(1));
    advanceTo(at("13:05"));
    assertThat(scheduler.untilNextFire()).contains(Duration.ZERO);
    scheduler.pause("cleanup");
    assertThat(scheduler.untilNextFire()).isEmpty();
  }

  @Test
  void aPlannedTimeThatWasFiredIsNotFiredAgainWhateverTheClockDoes() {
    scheduler.create(hourly("cleanup"));
    assertThat(planned(fireAt(at("13:00")))).containsExactly(at("13:00"));
    clock.advance(Duration.ofMinutes(-90));
    scheduler.update(
        "cleanup", old -> old.withSchedule(CronSchedule.parse("0 13,15 * * *", ZoneOffset.UTC)));
    assertThat(find("cleanup").nextAt()).isEqualTo(at("13:00"));

    assertThat(fireAt(at("13:00"))).isEmpty();
    assertThat(find("cleanup").nextAt()).isEqualTo(at("15:00"));
    assertThat(planned(fireAt(at("15:00")))).containsExactly(at("15:00"));
  }

  @Test
  void eightThreadsFireEveryPlannedTimeExactlyOnce() throws Exception {
    int rounds = 15;
    List<String> names = IntStream.range(0, 12).mapToObj(i -> "entry-" + i).toList();
    names.forEach(
        name -> scheduler.create(hourly(name).withSchedule(Schedule.every(Duration.ofMinutes(1)))));

    List<String> fired = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      clock.advance(Duration.ofMinutes(1));
      atOnce(8, this::fireAll).forEach(job -> fired.add(label(job)));
    }

    List<String> expected =
        names.stream()
            .flatMap(
                name ->
                    IntStream.rangeClosed(1, rounds)
                        .mapToObj(i -> name + " " + NOON.plusSeconds(60L * i)))
            .toList();
    assertThat(fired).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(queue.counts()).containsEntry(JobState.AVAILABLE, (long) expected.size());
  }

  private static String label(Job job) {
    return name(job) + " " + job.spec().meta().get(Recurring.PLANNED_KEY);
  }

  // Until nothing is left, for one that others lock is passed by.
  private List<Job> fireAll() {
    List<Job> jobs = new ArrayList<>();
    do {
      jobs.addAll(scheduler.fire(5));
    } while (scheduler.untilNextFire().orElseThrow().isZero());
    return jobs;
  }

  @Test
  void operatorsWhoEditWhileEntriesAreFiredLoseNoJobAndNoEdit() throws Exception {
    int edits = 40;
    scheduler.create(hourly("cleanup").withSchedule(Schedule.every(Duration.ofSeconds(1))));

    for (int i = 1; i <= edits; i++) {
      clock.advance(Duration.ofSeconds(1));
      int priority = i % 10;
      List<Job> jobs =
          atOnce(
              3,
              () -> {
                scheduler.update(
                    "cleanup", old -> old.withJob(CLEANUP.withPriority(priority).request("x")));
                return fireAll();
              });
      assertThat(planned(jobs)).containsExactly(NOON.plusSeconds(i));
      assertThat(find("cleanup").recurring().job().spec().priority()).isEqualTo(priority);
    }
  }

  private static <T> List<T> atOnce(int threads, Callable<List<T>> work) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    CyclicBarrier start = new CyclicBarrier(threads);
    try {
      List<Future<List<T>>> all =
          IntStream.range(0, threads)
              .mapToObj(
                  i ->
                      pool.submit(
                          () -> {
                            start.await();
                            return work.call();
                          }))
              .toList();
      List<T> results = new ArrayList<>();
      for (Future<List<T>> each : all) {
        results.addAll(each.get());
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aYearGoesByInThreeZonesAndEveryPlannedTimeGetsItsJob() {
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    Instant end = Instant.parse("2027-01-01T00:00:00Z");
    advanceTo(start);
    List<Recurring> entries =
        Stream.of("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
            .map(zone -> hourly(zone.substring(zone.indexOf('/') + 1)).withSchedule(nightly(zone)))
            .toList();
    scheduler.declare(entries);

    List<String> fired = new ArrayList<>();
    while (clock.instant().isBefore(end)) {
      clock.advance(scheduler.untilNextFire().orElseThrow());
      scheduler.fire(10).forEach(job -> fired.add(label(job)));
    }

    List<String> expected = new ArrayList<>();
    for (Recurring entry : entries) {
      entry.schedule().next(start, 52 * 3).forEach(time -> expected.add(entry.name() + " " + time));
    }
    assertThat(fired).containsAll(expected).doesNotHaveDuplicates();
  }

  // Three nights a week, the one of the clock change among them.
  private static Schedule nightly(String zone) {
    return CronSchedule.parse("15 2 * * SUN,TUE,THU", ZoneId.of(zone));
  }
}
