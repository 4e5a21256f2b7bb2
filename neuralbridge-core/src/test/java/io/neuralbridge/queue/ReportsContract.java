package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.JobLog;
import io.neuralbridge.job.JobLogLine;
import io.neuralbridge.job.JobProgress;
import io.neuralbridge.job.JobState;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** Progress and logs beside the jobs. */
public abstract class ReportsContract extends QueueFixture {

  private JobReports reports;
  private Lease lease;
  private long id;

  @BeforeEach
  void claimAJob() {
    reports = queue.reports();
    insert(TYPE.request("x").toNewJob());
    lease = claimOne();
    id = lease.job().id();
  }

  private JobProgress progress(double fraction, String message) {
    return new JobProgress(lease.job().attempt(), fraction, message, clock.instant());
  }

  private JobLogLine line(String text) {
    return new JobLogLine(lease.job().attempt(), clock.instant(), Level.INFO, text);
  }

  private List<JobLogLine> lines(int first, int last) {
    return IntStream.rangeClosed(first, last).mapToObj(i -> line("line " + i)).toList();
  }

  private JobReport report(@Nullable JobProgress progress, long dropped, List<JobLogLine> lines) {
    return new JobReport(id, lease.token(), progress, new JobLog(dropped, lines));
  }

  private void save(@Nullable JobProgress progress, long dropped, List<JobLogLine> lines) {
    assertThat(reports.save(List.of(report(progress, dropped, lines)))).containsExactly(id);
  }

  @Test
  void progressReplacesProgress() {
    save(progress(0.25, "reading"), 0, List.of());
    clock.advance(Duration.ofSeconds(3));
    save(progress(0.5, "embedding"), 0, List.of());

    assertThat(reports.progress(id)).contains(progress(0.5, "embedding"));
    save(null, 0, lines(1, 1));
    assertThat(reports.progress(id)).as("nothing said, nothing changed").isPresent();
  }

  @Test
  void linesFollowLinesWithTheirLevelTimeAndAttempt() {
    JobLogLine warning = new JobLogLine(1, clock.instant(), Level.WARN, "careful");
    save(null, 0, List.of(warning, line("first")));
    clock.advance(Duration.ofSeconds(3));
    save(null, 0, lines(1, 2));

    JobLog log = reports.log(id);

    assertThat(log.dropped()).isZero();
    assertThat(log.lines())
        .extracting(JobLogLine::text)
        .containsExactly("careful", "first", "line 1", "line 2");
    assertThat(log.lines().get(0)).isEqualTo(warning);
    assertThat(log.lines().get(3)).isEqualTo(line("line 2"));
  }

  @Test
  void laterAttemptsWriteOn() {
    save(progress(1, "done, or so it thought"), 0, lines(1, 1));
    backAtOnce(lease);
    lease = claimOne();
    save(null, 0, lines(2, 2));

    assertThat(reports.log(id).lines()).extracting(JobLogLine::attempt).containsExactly(1, 2);
    assertThat(reports.progress(id).orElseThrow().attempt()).isEqualTo(1);
  }

  @Test
  void theLastLinesAreKeptAndTheOthersCounted() {
    save(null, 0, lines(1, 150));
    save(null, 0, lines(151, 350));

    assertThat(reports.log(id).dropped()).isEqualTo(150);
    assertThat(reports.log(id).lines()).isEqualTo(lines(151, 350));
    save(null, 0, lines(351, 351));
    assertThat(reports.log(id).dropped()).isEqualTo(151);
    assertThat(reports.log(id).lines()).isEqualTo(lines(152, 351));
  }

  @Test
  void linesThatWereLostOnTheWayCountAndLeaveNoHole() {
    save(null, 0, lines(1, 10));
    save(null, 5, lines(16, 20));

    assertThat(reports.log(id).dropped()).isEqualTo(15);
    assertThat(reports.log(id).lines()).isEqualTo(lines(16, 20));
  }

  @Test
  void whoHasLostItsLeaseTellsNothingAnyMore() {
    Lease stale = lease;
    backAtOnce(stale);
    assertThat(reports.save(List.of(report(progress(0.1, "stale"), 0, lines(1, 1))))).isEmpty();
    lease = claimOne();
    JobReport late = new JobReport(id, stale.token(), progress(0.9, "stale"), JobLog.EMPTY);

    assertThat(reports.save(List.of(late))).isEmpty();

    assertThat(reports.progress(id)).isEmpty();
    assertThat(reports.log(id)).isEqualTo(JobLog.EMPTY);
    end(lease, JobState.COMPLETED);
    assertThat(reports.save(List.of(report(progress(1, "late"), 0, List.of())))).isEmpty();
  }

  @Test
  void aBatchTakesTheGoodAndLeavesTheRest() {
    insert(TYPE.request("y").toNewJob());
    Lease other = claimOne();
    JobReport stale = new JobReport(id, lease.token() + 1, progress(0.3, "no"), JobLog.EMPTY);
    JobReport good =
        new JobReport(
            other.job().id(), other.token(), progress(0.4, "yes"), new JobLog(0, lines(1, 3)));

    assertThat(reports.save(List.of(stale, good))).containsExactly(other.job().id());

    assertThat(reports.progress(id)).isEmpty();
    assertThat(reports.progress(other.job().id()).orElseThrow().message()).isEqualTo("yes");
    assertThat(reports.log(other.job().id()).lines()).hasSize(3);
  }

  @Test
  void anyTextIsStored() {
    save(
        progress(0, "naïve \u0000 \uD83D\uDE80"),
        0,
        List.of(line("'; -- \u0000 \uD83D\uDE80\n\t{}")));

    assertThat(reports.progress(id).orElseThrow().message()).isEqualTo("naïve \uFFFD \uD83D\uDE80");
    assertThat(reports.log(id).lines().get(0).text()).isEqualTo("'; -- \uFFFD \uD83D\uDE80\n\t{}");
  }

  @Test
  void reportsOutliveTheRunAndGoWithTheJob() {
    save(progress(1, "all"), 0, lines(1, 3));
    end(lease, JobState.COMPLETED);
    assertThat(reports.progress(id)).isPresent();
    assertThat(reports.log(id).lines()).hasSize(3);

    clock.advance(Duration.ofDays(1));
    History history = queue.history();
    assertThat(history.delete(history.ended(Duration.ofHours(1), null, 10))).isEqualTo(1);

    assertThat(reports.progress(id)).isEmpty();
    assertThat(reports.log(id)).isEqualTo(JobLog.EMPTY);
  }

  @Test
  void ofWhatIsNotThereNothingIsTold() {
    assertThat(reports.progress(4711)).isEmpty();
    assertThat(reports.log(4711)).isEqualTo(JobLog.EMPTY);
    assertThat(reports.save(List.of())).isEmpty();
  }
}
