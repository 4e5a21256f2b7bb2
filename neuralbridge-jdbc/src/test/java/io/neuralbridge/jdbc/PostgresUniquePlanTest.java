package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.neuralbridge.jdbc.JdbcBackend.Migration;
import io.neuralbridge.jdbc.testing.PostgresDatabase;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.job.Unique;
import io.neuralbridge.job.Unique.Field;
import io.neuralbridge.job.Unique.Scope;
import io.neuralbridge.queue.Queue;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Unique jobs beside many others: no statement may read a whole table. */
class PostgresUniquePlanTest {

  private static final int ROWS = 20_000;

  @RegisterExtension static final PostgresDatabase POSTGRES = new PostgresDatabase();

  private HikariDataSource database;
  private Queue queue;

  @BeforeEach
  void fill() throws SQLException {
    JdbcBackend.of(POSTGRES.dataSource());
    database = POSTGRES.singleConnection();
    queue = JdbcBackend.of(database, Migration.NONE).withoutNotifications().queue();
    Tables.clear(database);
    for (int from = 0; from < ROWS; from += 5_000) {
      queue.insert(
          IntStream.range(from, from + 5_000).mapToObj(PostgresUniquePlanTest::job).toList());
    }
    PostgresDatabase.execute(database, "VACUUM ANALYZE nb_job, nb_job_unique");
  }

  @Test
  void findingReplacingAndTakingOverGoThroughTheIndexes() throws SQLException {
    long before = scans();

    List<NewJob> jobs = IntStream.range(100, 150).mapToObj(PostgresUniquePlanTest::job).toList();
    List<Job> found = queue.insert(jobs);
    queue.cancel(found.stream().map(Job::id).toList());
    List<Job> stored = queue.insert(jobs);

    assertThat(found).allMatch(Job::existing);
    assertThat(stored).noneMatch(Job::existing);
    assertThat(scans()).isEqualTo(before);
  }

  @Test
  void jobsWithoutAKeyTouchNoKeys() throws SQLException {
    long before = number("SELECT seq_scan + idx_scan FROM pg_stat_user_tables", "nb_job_unique");

    queue.insert(Jobs.jobs(100));

    assertThat(number("SELECT seq_scan + idx_scan FROM pg_stat_user_tables", "nb_job_unique"))
        .isEqualTo(before);
  }

  private static NewJob job(int number) {
    return Jobs.TYPE
        .request("job " + number)
        .withPriority(number % 2)
        .withUnique(Unique.byArgs().during(Scope.WAITING).replacing(Field.PRIORITY, Field.RUN_AT))
        .toNewJob();
  }

  private long scans() throws SQLException {
    String sql = "SELECT seq_scan FROM pg_stat_user_tables";
    return number(sql, "nb_job") + number(sql, "nb_job_unique");
  }

  private long number(String sql, String table) throws SQLException {
    PostgresDatabase.execute(database, "SELECT pg_stat_force_next_flush()");
    try (Connection connection = database.getConnection();
        ResultSet row =
            connection
                .createStatement()
                .executeQuery("%s WHERE relid = '%s'::regclass".formatted(sql, table))) {
      row.next();
      return row.getLong(1);
    }
  }
}
