package io.neuralbridge.schedule;

import static io.neuralbridge.job.Unique.Scope.INCOMPLETE;
import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobRequest;
import io.neuralbridge.job.Unique;
import io.neuralbridge.queue.Claim;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Jobs of an entry that would run beside each other, and jobs that are run by hand. */
public abstract class SchedulerOverlapContract extends SchedulerContract {

  @Test
  void overlapsAreAllowedByDefault() {
    scheduler.create(hourly("cleanup"));

    assertThat(fireAt(at("13:00"))).hasSize(1);
    assertThat(fireAt(at("14:00"))).hasSize(1);
    assertThat(runAll()).isEqualTo(2);
  }

  @Test
  void skipWaitsForThePreviousJobToEnd() {
    scheduler.create(hourly("cleanup").withOverlap(OverlapPolicy.SKIP));

    Job first = fireAt(at("13:00")).get(0);
    assertThat(fireAt(at("14:00"))).as("while it waits").isEmpty();
    assertThat(find("cleanup").nextAt()).isEqualTo(at("15:00"));
    assertThat(find("cleanup").lastJobId()).isEqualTo(first.id());

    long node = queue.join("here", Duration.ofDays(1));
    assertThat(queue.claim(new Claim("default", node, 1))).hasSize(1);
    assertThat(fireAt(at("15:00"))).as("while it runs").isEmpty();

    queue.leave(node);
    queue.rescue(3);
    assertThat(runAll()).isEqualTo(1);
    assertThat(planned(fireAt(at("16:00")))).containsExactly(at("16:00"));
  }

  @Test
  void skipCountsACancelledJobAsEnded() {
    scheduler.create(hourly("cleanup").withOverlap(OverlapPolicy.SKIP));
    Job first = fireAt(at("13:00")).get(0);

    queue.cancel(List.of(first.id()));

    assertThat(fireAt(at("14:00"))).hasSize(1);
  }

  @Test
  void entriesDoNotWaitForEachOther() {
    scheduler.create(hourly("a").withOverlap(OverlapPolicy.SKIP));
    scheduler.create(hourly("b").withOverlap(OverlapPolicy.SKIP));
    Job ofA = fireAt(at("13:00")).get(0);
    queue.cancel(List.of(ofA.id()));

    assertThat(fireAt(at("14:00")))
        .extracting(job -> job.spec().meta().get(Recurring.NAME_KEY))
        .containsExactly("a");
  }

  @Test
  void runNowInsertsAJobAtOnceAndLeavesThePlanAlone() {
    scheduler.create(hourly("cleanup"));
    advanceTo(at("12:20"));

    Job job = scheduler.runNow("cleanup").orElseThrow();

    assertThat(queue.find(job.id())).contains(job);
    assertThat(job.spec().meta()).containsEntry(Recurring.NAME_KEY, "cleanup");
    assertThat(planned(List.of(job))).containsExactly(at("12:20"));
    assertThat(find("cleanup").manualJobId()).isEqualTo(job.id());
    assertThat(find("cleanup").lastJobId()).isNull();
    assertThat(find("cleanup").nextAt()).isEqualTo(at("13:00"));
    assertThat(planned(fireAt(at("13:00")))).containsExactly(at("13:00"));
  }

  @Test
  void runNowMayBeRepeatedAndWorksOnPausedEntries() {
    scheduler.create(hourly("cleanup").withOverlap(OverlapPolicy.SKIP));
    scheduler.pause("cleanup");

    assertThat(scheduler.runNow("cleanup")).isPresent();
    assertThat(scheduler.runNow("cleanup")).isPresent();
    assertThat(runAll()).isEqualTo(2);
    assertThat(find("cleanup").paused()).isTrue();
    assertThat(scheduler.runNow("other")).isEmpty();
  }

  @Test
  void aJobThatWasRunByHandIsNotOverlappedEither() {
    scheduler.create(hourly("cleanup").withOverlap(OverlapPolicy.SKIP));
    advanceTo(at("12:59"));
    scheduler.runNow("cleanup");

    assertThat(fireAt(at("13:00"))).isEmpty();
    runAll();
    assertThat(fireAt(at("14:00"))).hasSize(1);
  }

  @Test
  void aPlannedJobIsNotForgottenForOneRunByHand() {
    scheduler.create(hourly("cleanup").withOverlap(OverlapPolicy.SKIP));
    fireAt(at("13:00"));
    Job manual = scheduler.runNow("cleanup").orElseThrow();

    queue.cancel(List.of(manual.id()));

    assertThat(fireAt(at("14:00"))).as("the one of 13:00 still waits").isEmpty();
  }

  @Test
  void aUniqueKeyThatIsHeldKeepsAPlannedJobOut() {
    JobRequest<String> unique = CLEANUP.request("x").withUnique(Unique.byArgs().during(INCOMPLETE));
    Recurring cleanup = hourly("cleanup").withJob(unique);
    scheduler.create(cleanup);
    assertThat(find("cleanup").recurring()).isEqualTo(cleanup);
    Job enqueued = queue.insert(List.of(unique.toNewJob())).get(0);

    assertThat(fireAt(at("13:00"))).isEmpty();
    assertThat(find("cleanup").lastJobId()).isNull();
    assertThat(scheduler.runNow("cleanup").orElseThrow().id()).isEqualTo(enqueued.id());

    runAll();
    assertThat(planned(fireAt(at("14:00")))).containsExactly(at("14:00"));
  }
}
