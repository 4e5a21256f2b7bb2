package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.jdbc.JdbcBackend.Migration;
import io.neuralbridge.jdbc.testing.PostgresDatabase;
import io.neuralbridge.job.JobState;
import io.neuralbridge.schedule.Recurring;
import io.neuralbridge.schedule.Schedule;
import io.neuralbridge.schedule.ScheduleEntry;
import io.neuralbridge.schedule.Scheduler;
import io.neuralbridge.testing.VirtualClock;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What only a database can get wrong about entries. */
class JdbcSchedulerTest {

  private static final Instant NOON = Instant.parse("2026-03-04T12:00:00Z");
  private static final Schedule OFTEN = Schedule.every(Duration.ofMinutes(1));

  @RegisterExtension static final PostgresDatabase POSTGRES = new PostgresDatabase();

  private final VirtualClock clock = new VirtualClock(NOON);
  private JdbcBackend backend;
  private Scheduler scheduler;

  @BeforeEach
  void open() throws SQLException {
    backend = JdbcBackend.of(POSTGRES.dataSource(), Migration.APPLY, clock);
    scheduler = backend.scheduler();
    Tables.clear(POSTGRES.dataSource());
    scheduler.create(Recurring.of("entry", OFTEN, Jobs.TYPE.request("x")));
    clock.advance(Duration.ofMinutes(1));
  }

  @Test
  void jobAndPlanAreCommittedTogetherOrNotAtAll() throws SQLException {
    ScheduleEntry before = scheduler.find("entry").orElseThrow();
    execute("ALTER TABLE nb_schedule_run RENAME COLUMN job_id TO lost");
    try {
      assertThatThrownBy(() -> scheduler.fire(10)).isInstanceOf(DatabaseException.class);
    } finally {
      execute("ALTER TABLE nb_schedule_run RENAME COLUMN lost TO job_id");
    }

    assertThat(scheduler.find("entry")).contains(before);
    assertThat(backend.queue().counts()).containsEntry(JobState.AVAILABLE, 0L);
    assertThat(scheduler.fire(10)).hasSize(1);
  }

  @Test
  void aSecondJobForAPlannedTimeIsRefusedByTheDatabase() throws SQLException {
    scheduler.fire(10);

    assertThatThrownBy(
            () ->
                execute(
                    "INSERT INTO nb_schedule_run SELECT name, planned_at, 0 FROM nb_schedule_run"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("nb_schedule_run_pkey");
  }

  @Test
  void anEntryThatAnotherNodeFiresIsPassedBy() throws SQLException {
    scheduler.create(Recurring.of("other", OFTEN, Jobs.TYPE.request("x")));
    clock.advance(Duration.ofMinutes(1));
    try (Connection holder = POSTGRES.dataSource().getConnection()) {
      holder.setAutoCommit(false);
      holder.createStatement().execute("SELECT 1 FROM nb_schedule WHERE name = 'entry' FOR UPDATE");

      assertThat(scheduler.fire(10))
          .extracting(job -> job.spec().meta().get(Recurring.NAME_KEY))
          .containsExactly("other");
      holder.rollback();
    }
  }

  @Test
  void anEntryThatCannotBeReadHoldsUpNoOther() throws SQLException {
    scheduler.create(Recurring.of("readable", OFTEN, Jobs.TYPE.request("x")));
    execute(
        "UPDATE nb_schedule SET zone = 'Mars/Base', schedule = '0 * * * *' WHERE name = 'entry'");
    clock.advance(Duration.ofMinutes(5));

    assertThat(scheduler.fire(1)).as("the unreadable one is due first").isEmpty();
    assertThat(scheduler.fire(1)).hasSize(1);
    assertThat(scheduler.untilNextFire()).contains(Duration.ofMinutes(1));
    assertThat(scheduler.list()).extracting(ScheduleEntry::name).containsExactly("readable");
    assertThat(scheduler.find("entry")).isEmpty();

    execute("UPDATE nb_schedule SET zone = 'Europe/Berlin' WHERE name = 'entry'");
    clock.advance(Duration.ofMinutes(1));
    assertThat(scheduler.fire(10)).as("readable again, and due").hasSize(2);
  }

  @Test
  void anEntryThatCannotBeReadMayBePutAnewOrDeleted() throws SQLException {
    execute("UPDATE nb_schedule SET overlap = 'SOMETIMES'");

    ScheduleEntry put = scheduler.put(Recurring.of("entry", OFTEN, Jobs.TYPE.request("y")));
    assertThat(scheduler.find("entry")).contains(put);

    execute("UPDATE nb_schedule SET schedule = '0 0 31 2 *', zone = 'UTC'");
    assertThat(scheduler.delete("entry")).isTrue();
  }

  @Test
  void keysOfPlannedTimesAreForgottenAfterADay() throws SQLException {
    scheduler.fire(10);
    clock.advance(Duration.ofHours(24));
    scheduler.fire(10);
    assertThat(keys()).isEqualTo(2);

    clock.advance(Duration.ofMinutes(1));
    scheduler.fire(10);
    assertThat(keys()).isEqualTo(2);
    scheduler.delete("entry");
    assertThat(keys()).isZero();
  }

  @Test
  void theDatabasesOwnClockIsUsedWhereNoTestSetsAnother() {
    Scheduler real = JdbcBackend.of(POSTGRES.dataSource()).scheduler();
    real.create(Recurring.of("real", Schedule.every(Duration.ofHours(1)), Jobs.TYPE.request("x")));

    assertThat(real.fire(10)).as("'entry' is years behind").isNotEmpty();
    assertThat(real.untilNextFire().orElseThrow()).isLessThanOrEqualTo(Duration.ofMinutes(1));
    assertThat(real.find("real").orElseThrow().lastAt()).isNull();
  }

  private static void execute(String sql) throws SQLException {
    PostgresDatabase.execute(POSTGRES.dataSource(), sql);
  }

  private static long keys() throws SQLException {
    try (Connection connection = POSTGRES.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM nb_schedule_run")) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
