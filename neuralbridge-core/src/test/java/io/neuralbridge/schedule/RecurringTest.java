package io.neuralbridge.schedule;

import static io.neuralbridge.job.Unique.Scope.INCOMPLETE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.job.JobRequest;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Unique;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecurringTest {

  private static final JobType<String> CLEANUP = JobType.of("cleanup", String.class);
  private static final JobRequest<String> REQUEST = CLEANUP.request("old");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Schedule DAILY = CronSchedule.parse("@daily", ZoneOffset.UTC);
  private static final Recurring RECURRING = Recurring.of("tidy", DAILY, REQUEST);

  @Test
  void theDefaultsMakeUpOnceAndAllowOverlaps() {
    assertThat(RECURRING.misfire()).isEqualTo(MisfirePolicy.ONCE);
    assertThat(RECURRING.overlap()).isEqualTo(OverlapPolicy.ALLOW);
    assertThat(RECURRING.job()).isEqualTo(REQUEST.toNewJob());
  }

  @Test
  void aNameThatCannotBeStoredIsRefused() {
    assertThatThrownBy(() -> Recurring.of("every night", DAILY, REQUEST))
        .hasMessageStartingWith("entry 'every night' is not a valid name: use 1 to 100 letters");
    assertThatThrownBy(() -> Recurring.of("", DAILY, REQUEST))
        .hasMessageStartingWith("entry '' is not a valid name");
  }

  @Test
  void aRequestThatSaysWhenToRunIsRefused() {
    assertThatThrownBy(() -> Recurring.of("tidy", DAILY, REQUEST.in(HOUR)))
        .hasMessage(
            "entry 'tidy': its schedule says when its jobs run; take the delay off the request");
    assertThatThrownBy(() -> RECURRING.withJob(REQUEST.at(Instant.EPOCH)))
        .hasMessageEndingWith("take the instant off the request");
    assertThatThrownBy(() -> RECURRING.withJob(REQUEST.withDeadline(Instant.EPOCH)))
        .hasMessageStartingWith("entry 'tidy': a deadline is one instant");
  }

  @Test
  void metaMustLeaveRoomForTheEntrysOwn() {
    assertThat(RECURRING.withJob(REQUEST.withMeta(meta(18))).job().spec().meta()).hasSize(18);
    assertThatThrownBy(() -> RECURRING.withJob(REQUEST.withMeta(meta(19))))
        .hasMessageStartingWith(
            "entry 'tidy': with nb.schedule and nb.planned added, meta has 21 keys");
    assertThatThrownBy(() -> RECURRING.withJob(REQUEST.withMeta(Map.of("nb.planned", "x"))))
        .hasMessage(
            "entry 'tidy': the meta keys nb.schedule and nb.planned are set for each job; take them off the request");
  }

  @Test
  void aUniqueKeyMustLetGoBeforeTheNextTime() {
    assertThat(RECURRING.withJob(REQUEST.withUnique(Unique.byArgs().during(INCOMPLETE))).job())
        .satisfies(job -> assertThat(job.unique()).isNotNull());
    assertThat(RECURRING.withJob(REQUEST.withUnique(Unique.byKind().within(HOUR)))).isNotNull();
    assertThatThrownBy(() -> RECURRING.withJob(REQUEST.withUnique(Unique.byArgs())))
        .hasMessage(
            "entry 'tidy': a unique key that is held until its job is pruned (SUCCESSFUL) would keep out the jobs after the first; use during(INCOMPLETE), or within a period");
  }

  private static Map<String, String> meta(int keys) {
    return IntStream.range(0, keys)
        .mapToObj(i -> "key" + i)
        .collect(Collectors.toMap(Function.identity(), key -> "x"));
  }

  @Test
  void makingUpForAllAndSkippingOverlapsContradictEachOther() {
    assertThatThrownBy(
            () -> RECURRING.withMisfire(MisfirePolicy.ALL).withOverlap(OverlapPolicy.SKIP))
        .hasMessage(
            "entry 'tidy' cannot make up for ALL missed times at once and SKIP those that overlap; use ONCE or ALLOW");
  }

  @Test
  void misfirePoliciesThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> MisfirePolicy.ONCE.atMost(2))
        .hasMessage("ONCE fires one planned time and cannot have a limit of 2; use ALL");
    assertThatThrownBy(() -> MisfirePolicy.ALL.atMost(0))
        .hasMessage("a misfire limit must be 1 to 10,000: 0");
    assertThatThrownBy(() -> MisfirePolicy.ALL.atMost(10_001)).hasMessageContaining("10001");
    assertThatThrownBy(() -> MisfirePolicy.SKIP.startingWithin(Duration.ofMillis(999)))
        .hasMessage("startWithin must be 1 second to 36500 days: PT0.999S");
    assertThatThrownBy(() -> MisfirePolicy.ALL.startingWithin(Duration.ofDays(36_501)))
        .hasMessageContaining("36500 days");
    assertThatThrownBy(() -> new MisfirePolicy(MisfirePolicy.Rule.SKIP, null, 1))
        .hasMessage("SKIP must know what is too late: give startWithin, or use ONCE");
  }

  @Test
  void aJobOfNoEntryHasNoPlannedTime() {
    assertThat(Recurring.plannedAt(REQUEST.toNewJob().spec())).isEmpty();
  }

  @Test
  void aFingerprintTellsWhichPartChanged() {
    Fingerprint before = Fingerprint.of(RECURRING);
    Fingerprint after = Fingerprint.of(RECURRING.withJob(REQUEST.withWeight(2)));

    assertThat(Fingerprint.parse(before.text())).isEqualTo(before);
    assertThat(after.job()).isNotEqualTo(before.job());
    assertThat(after.schedule()).isEqualTo(before.schedule());
    assertThat(after.policies()).isEqualTo(before.policies());
    assertThatThrownBy(() -> Fingerprint.parse("x"))
        .hasMessage("'x' is no fingerprint of an entry");
  }
}
