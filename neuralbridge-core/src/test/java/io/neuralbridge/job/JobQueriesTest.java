package io.neuralbridge.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobQueriesTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void aCursorSurvivesItsWayThroughAUrl() {
    for (JobCursor cursor :
        List.of(
            new JobCursor(JobOrder.NEWEST, null, 42),
            new JobCursor(JobOrder.SOONEST_DUE, NOON.plusNanos(123_456_789), 1),
            new JobCursor(JobOrder.LATEST_FINISHED, Instant.parse("0001-01-01T00:00:00Z"), 7))) {
      assertThat(JobCursor.parse(cursor.toString())).isEqualTo(cursor);
      assertThat(cursor.toString()).matches("[a-z0-9_.-]+");
    }
  }

  @Test
  void whatIsNoCursorIsRefused() {
    for (String text :
        List.of(
            "",
            "newest",
            "newest.x",
            "newest.1.2.3",
            "oldest.1",
            "soonest_due.1",
            "newest.99999999999999999999",
            "soonest_due.1.99999999999999999.0")) {
      assertThatThrownBy(() -> JobCursor.parse(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'%s' is no cursor".formatted(text));
    }
  }

  @Test
  void badPagingIsRefusedWithTheReason() {
    assertThatThrownBy(() -> Paging.newest(0)).hasMessageContaining("1 to 1,000: 0");
    assertThatThrownBy(() -> Paging.newest(1_001)).hasMessageContaining("1001");
    assertThatThrownBy(
            () -> Paging.by(JobOrder.NEWEST).after(new JobCursor(JobOrder.SOONEST_DUE, NOON, 1)))
        .hasMessageContaining("SOONEST_DUE, not by NEWEST");
  }

  @Test
  void badFiltersAreRefusedWithTheReason() {
    assertThatThrownBy(() -> JobFilter.all().withQueues("no good"))
        .hasMessageContaining("queue 'no good'");
    assertThatThrownBy(() -> JobFilter.all().withKinds("")).hasMessageContaining("kind ''");
    assertThatThrownBy(() -> JobFilter.all().withAnyTag("a b")).hasMessageContaining("tag 'a b'");
    assertThatThrownBy(() -> JobFilter.all().withAllTags("a b")).hasMessageContaining("tag 'a b'");
    assertThatThrownBy(() -> JobFilter.all().withPriorities(1, 10)).hasMessageContaining(": 10");
    assertThatThrownBy(() -> TimeRange.between(NOON, NOON)).hasMessageContaining("begin before");
  }

  @Test
  void badEditsAreRefusedWithTheReason() {
    JobEdit edit = JobEdit.none();
    assertThatThrownBy(() -> edit.withQueue("no good")).hasMessageContaining("'no good'");
    assertThatThrownBy(() -> edit.withPriority(10)).hasMessageContaining("0 (first)");
    assertThatThrownBy(() -> edit.withMaxAttempts(0)).hasMessageContaining("1 to 100");
    assertThatThrownBy(() -> edit.withRunAt(Instant.MAX)).hasMessageContaining("9999");
    assertThatThrownBy(() -> edit.withTags("a b")).hasMessageContaining("'a b'");
    assertThatThrownBy(() -> edit.withArgsJson("{")).hasMessageContaining("not JSON");
    assertThatThrownBy(() -> edit.withArgsJson("1 2")).hasMessageContaining("not JSON");
    assertThatThrownBy(() -> edit.withArgsJson("null")).hasMessageContaining("are empty");
    assertThatThrownBy(() -> edit.withArgsJson(" ")).hasMessageContaining("are empty");
    assertThatThrownBy(() -> edit.withArgsJson("\"" + "x".repeat(1 << 20) + "\""))
        .hasMessageContaining("at most 1,048,576");
  }

  @Test
  void anEditOfNothingChangesNothing() {
    JobSpec spec = JobType.of("greet", String.class).request("x").toNewJob().spec();

    assertThat(JobEdit.none().apply(spec)).isEqualTo(spec);
    assertThat(JobEdit.none().isNone()).isTrue();
    assertThat(JobEdit.none().withPriority(1).isNone()).isFalse();
  }
}
