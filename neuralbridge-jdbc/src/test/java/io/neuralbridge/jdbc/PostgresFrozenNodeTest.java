package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.jdbc.JdbcBackend.Migration;
import io.neuralbridge.jdbc.testing.PostgresDatabase;
import io.neuralbridge.job.FlowKind;
import io.neuralbridge.job.FlowRef;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobEdit;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobLog;
import io.neuralbridge.job.JobProgress;
import io.neuralbridge.job.Unique;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.JobReport;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Queue;
import io.neuralbridge.queue.Transition;
import io.neuralbridge.schedule.CronSchedule;
import io.neuralbridge.schedule.Recurring;
import io.neuralbridge.testing.VirtualClock;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What a process leaves behind that is stopped between two statements: its connection, and all that
 * its transaction has locked.
 */
@Timeout(60)
class PostgresFrozenNodeTest {

  private static final Duration TTL = Duration.ofSeconds(20);

  @RegisterExtension static final PostgresDatabase POSTGRES = new PostgresDatabase();

  private final VirtualClock clock = new VirtualClock(Instant.parse("2026-03-01T12:00:00Z"));
  private Queue queue;

  @BeforeEach
  void open() throws SQLException {
    queue = JdbcBackend.of(POSTGRES.dataSource(), Migration.APPLY, clock).queue();
    Tables.clear(POSTGRES.dataSource());
  }

  @Test
  void aRescuePassesByWhatADeadNodeHasLeftLockedAndFreesItLater() throws SQLException {
    queue.insert(Jobs.jobs(4));
    long frozen = queue.join("frozen", TTL);
    List<Long> ofFrozen = claim(frozen, 2);
    long other = queue.join("other", TTL);
    List<Long> ofOther = claim(other, 2);
    clock.advance(TTL.plusSeconds(1));
    try (Connection holder = POSTGRES.dataSource().getConnection();
        Statement statement = holder.createStatement()) {
      holder.setAutoCommit(false);
      statement.execute("SELECT 1 FROM nb_node WHERE id = " + frozen + " FOR UPDATE");
      statement.execute("SELECT 1 FROM nb_job WHERE id = " + ofOther.get(0) + " FOR UPDATE");

      assertThat(ids(queue.rescue(3))).containsExactly(ofOther.get(1));
      holder.rollback();
    }

    assertThat(ids(queue.rescue(3)))
        .containsExactlyInAnyOrder(ofOther.get(0), ofFrozen.get(0), ofFrozen.get(1));
  }

  @Test
  void aTransactionThatHoldsLocksIsEndedByTheServerWhenNothingMoreComes() throws SQLException {
    List<String> timeouts = new ArrayList<>();
    FaultyDataSource faulty = new FaultyDataSource(POSTGRES.dataSource());
    Queue watched = JdbcBackend.of(faulty.dataSource(), Migration.NONE, clock).queue();
    List<Job> jobs = queue.insert(Jobs.jobs(4));
    long node = queue.join("here", TTL);
    faulty.follow(
        (point, sql, connection) -> {
          if (point == FaultyDataSource.Point.COMMIT) {
            timeouts.add(show(connection, "idle_in_transaction_session_timeout"));
          }
        });

    watched.insert(List.of(Jobs.TYPE.request("x").withUnique(Unique.byKind()).toNewJob()));
    List<Lease> leases = watched.claim(new Claim("default", node, 3));
    watched.settle(List.of(failed(leases.get(0))));
    watched.settle(List.of(Jobs.done(leases.get(1))));
    watched.cancel(List.of(jobs.get(3).id()));
    watched.retry(List.of(jobs.get(3).id()));
    watched.stage(10);
    watched.history().deleteFlows(TTL, 10);
    watched.leadership().elect("duty", node, TTL);
    watched.edit(List.of(jobs.get(3).id()), JobEdit.none().withPriority(2));
    watched.delete(List.of(jobs.get(3).id()));
    queue.leave(node);
    watched.rescue(3);

    assertThat(timeouts)
        .as("all but the claim, which commits by itself")
        .hasSizeGreaterThanOrEqualTo(11)
        .containsOnly("10s");
    try (Connection same = POSTGRES.dataSource().getConnection()) {
      assertThat(show(same, "idle_in_transaction_session_timeout")).as("as it was").isEqualTo("0");
    }
  }

  @Test
  void whatReportersAndPeopleLockIsBoundedToo() throws SQLException {
    FaultyDataSource faulty = new FaultyDataSource(POSTGRES.dataSource());
    JdbcBackend watched = JdbcBackend.of(faulty.dataSource(), Migration.NONE, clock);
    queue.insert(Jobs.jobs(1));
    long node = queue.join("here", TTL);
    Lease lease = queue.claim(new Claim("default", node, 1)).get(0);
    long flow = queue.flows().start(FlowRef.Fresh.of(FlowKind.BATCH, "batch", true));
    List<String> timeouts = new ArrayList<>();
    faulty.follow(
        (point, sql, connection) -> {
          if (point == FaultyDataSource.Point.COMMIT) {
            timeouts.add(show(connection, "idle_in_transaction_session_timeout"));
          }
        });
    JobProgress half = new JobProgress(1, 0.5, "half", clock.instant());
    Recurring hourly =
        Recurring.of(
            "hourly", CronSchedule.parse("0 * * * *", ZoneOffset.UTC), Jobs.TYPE.request("x"));

    watched
        .queue()
        .reports()
        .save(List.of(new JobReport(lease.job().id(), lease.token(), half, JobLog.EMPTY)));
    watched.queue().flows().seal(flow);
    watched.queue().controls().publish(node, Map.of("default", 1));
    watched.scheduler().declare(List.of(hourly));
    watched.scheduler().put(hourly);
    watched.scheduler().pause("hourly");
    watched.scheduler().resume("hourly");
    watched.scheduler().runNow("hourly");
    watched.scheduler().delete("hourly");

    assertThat(timeouts).as("publishing commits by itself").hasSize(8).containsOnly("10s");
  }

  @Test
  void aBeatLeavesNoTransactionOpenThatCouldBeStoppedInTheMiddle() {
    List<String> commits = new ArrayList<>();
    FaultyDataSource faulty = new FaultyDataSource(POSTGRES.dataSource());
    Queue watched = JdbcBackend.of(faulty.dataSource(), Migration.NONE, clock).queue();
    faulty.follow(
        (point, sql, connection) -> {
          if (point == FaultyDataSource.Point.COMMIT) {
            commits.add("a commit that waits for this process");
          }
        });

    long node = watched.join("here", TTL);
    watched.renew(node, TTL);
    watched.leases(node);
    watched.leave(node);

    assertThat(commits).isEmpty();
  }

  private static String show(Connection connection, String setting) throws SQLException {
    try (Statement statement = connection.unwrap(Connection.class).createStatement();
        ResultSet row = statement.executeQuery("SHOW " + setting)) {
      row.next();
      return row.getString(1);
    }
  }

  private Transition failed(Lease lease) {
    JobError error = JobError.of(1, clock.instant(), "test", "it failed");
    return new Transition.Back(lease.job().id(), lease.token(), Duration.ZERO, false, error);
  }

  private List<Long> claim(long node, int limit) {
    return queue.claim(new Claim("default", node, limit)).stream()
        .map(lease -> lease.job().id())
        .toList();
  }

  private static List<Long> ids(List<Job> jobs) {
    return jobs.stream().map(Job::id).toList();
  }
}
