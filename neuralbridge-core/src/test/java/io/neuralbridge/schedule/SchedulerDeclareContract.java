package io.neuralbridge.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.schedule.ScheduleEntry.Origin;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Entries that the code declares at every start, and operators change in between. */
public abstract class SchedulerDeclareContract extends SchedulerContract {

  private static final Schedule NIGHTLY = CronSchedule.parse("0 2 * * *", ZoneId.of("Asia/Tokyo"));

  @Test
  void theFirstDeclarationCreates() {
    Declaration declaration = scheduler.declare(List.of(hourly("b"), hourly("a")));

    assertThat(declaration.created()).extracting(ScheduleEntry::name).containsExactly("a", "b");
    assertThat(declaration.changed()).isEmpty();
    assertThat(declaration.vanished()).isEmpty();
    assertThat(scheduler.list()).isEqualTo(declaration.created());
    assertThat(find("a").origin()).isEqualTo(Origin.CODE);
    assertThat(find("a").nextAt()).isEqualTo(at("13:00"));
  }

  @Test
  void theSameDeclarationChangesNothing() {
    scheduler.declare(List.of(hourly("cleanup")));
    ScheduleEntry before = find("cleanup");
    advanceTo(at("15:30"));

    Declaration again = scheduler.declare(List.of(hourly("cleanup")));

    assertThat(again.created()).isEmpty();
    assertThat(again.changed()).isEmpty();
    assertThat(find("cleanup")).isEqualTo(before);
    assertThat(planned(scheduler.fire(10))).as("missed while down").containsExactly(at("15:00"));
  }

  @Test
  void whatTheCodeChangesIsTakenOver() {
    scheduler.declare(List.of(hourly("schedule"), hourly("job"), hourly("policies")));

    Declaration changed =
        scheduler.declare(
            List.of(
                hourly("schedule").withSchedule(NIGHTLY),
                hourly("job").withJob(CLEANUP.withPriority(4).request("old")),
                hourly("policies").withOverlap(OverlapPolicy.SKIP)));

    assertThat(changed.changed())
        .extracting(ScheduleEntry::name)
        .containsExactly("job", "policies", "schedule");
    assertThat(find("schedule").recurring().schedule()).isEqualTo(NIGHTLY);
    assertThat(find("schedule").nextAt()).isEqualTo(at("17:00"));
    assertThat(find("job").recurring().job().spec().priority()).isEqualTo(4);
    assertThat(find("policies").recurring().overlap()).isEqualTo(OverlapPolicy.SKIP);
  }

  @Test
  void whatAnOperatorDidSurvivesRestarts() {
    scheduler.declare(List.of(hourly("cleanup"), hourly("report")));
    scheduler.update("cleanup", old -> old.withSchedule(NIGHTLY));
    scheduler.pause("report");

    Declaration restarted = scheduler.declare(List.of(hourly("cleanup"), hourly("report")));

    assertThat(restarted.changed()).isEmpty();
    assertThat(find("cleanup").recurring().schedule()).isEqualTo(NIGHTLY);
    assertThat(find("cleanup").origin()).isEqualTo(Origin.CODE);
    assertThat(find("report").paused()).isTrue();
  }

  @Test
  void codeAndOperatorChangeDifferentPartsAndBothStay() {
    scheduler.declare(List.of(hourly("cleanup")));
    scheduler.update("cleanup", old -> old.withSchedule(NIGHTLY));
    scheduler.pause("cleanup");
    Recurring code = hourly("cleanup").withJob(CLEANUP.request("new"));

    scheduler.declare(List.of(code));
    scheduler.declare(List.of(code));

    assertThat(find("cleanup").recurring()).isEqualTo(code.withSchedule(NIGHTLY));
    assertThat(find("cleanup").paused()).isTrue();
  }

  @Test
  void whereBothChangeTheSamePartTheCodeThatComesLaterWins() {
    Schedule often = Schedule.every(Duration.ofMinutes(1));
    scheduler.declare(List.of(hourly("cleanup")));
    scheduler.update("cleanup", old -> old.withSchedule(NIGHTLY));

    scheduler.declare(List.of(hourly("cleanup").withSchedule(often)));

    assertThat(find("cleanup").recurring().schedule()).isEqualTo(often);
  }

  @Test
  void anEntryFromRunTimeBecomesTheCodes() {
    scheduler.create(hourly("cleanup").withMisfire(MisfirePolicy.SKIP));
    scheduler.pause("cleanup");

    Declaration declaration = scheduler.declare(List.of(hourly("cleanup")));

    assertThat(declaration.changed()).containsExactly(find("cleanup"));
    assertThat(find("cleanup").recurring()).isEqualTo(hourly("cleanup"));
    assertThat(find("cleanup").origin()).isEqualTo(Origin.CODE);
    assertThat(find("cleanup").paused()).isTrue();
  }

  @Test
  void whatVanishesFromTheCodeGoesOnAndIsNamed() {
    scheduler.declare(List.of(hourly("gone"), hourly("kept")));
    scheduler.create(hourly("at-run-time"));

    Declaration later = scheduler.declare(List.of(hourly("kept")));

    assertThat(later.vanished()).containsExactly(find("gone"));
    assertThat(fireAt(at("13:00"))).hasSize(3);
  }

  @Test
  void twoEntriesOfOneNameAreRefused() {
    List<Recurring> twice = List.of(hourly("cleanup"), hourly("cleanup").withSchedule(NIGHTLY));

    assertThatThrownBy(() -> scheduler.declare(twice))
        .hasMessage("two entries are declared as 'cleanup': give one of them another name");
    assertThat(scheduler.list()).isEmpty();
  }

  @Test
  void nodesThatStartAtOnceAgree() throws Exception {
    int nodes = 8;
    List<Recurring> code = IntStream.range(0, 10).mapToObj(i -> hourly("entry-" + i)).toList();
    CyclicBarrier start = new CyclicBarrier(nodes);
    ExecutorService threads = Executors.newFixedThreadPool(nodes);
    try {
      List<Future<Declaration>> all =
          IntStream.range(0, nodes)
              .mapToObj(i -> threads.submit(() -> declare(start, code)))
              .toList();
      int created = 0;
      for (Future<Declaration> each : all) {
        created += each.get().created().size();
      }
      assertThat(created).isEqualTo(code.size());
      assertThat(scheduler.list()).extracting(ScheduleEntry::recurring).isEqualTo(code);
    } finally {
      threads.shutdownNow();
    }
  }

  private Declaration declare(CyclicBarrier start, List<Recurring> code) throws Exception {
    start.await();
    return scheduler.declare(code);
  }
}
