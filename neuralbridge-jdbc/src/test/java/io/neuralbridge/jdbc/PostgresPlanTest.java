package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.neuralbridge.jdbc.JdbcBackend.Migration;
import io.neuralbridge.jdbc.testing.PostgresDatabase;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Queue;
import io.neuralbridge.queue.Transition;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A queue that was empty when its workers started, and then was filled. */
class PostgresPlanTest {

  private static final int ROWS = 50_000;
  private static final int LARGE = 1_000;

  @RegisterExtension static final PostgresDatabase POSTGRES = new PostgresDatabase();

  private HikariDataSource database;
  private Queue queue;
  private long node;

  @BeforeEach
  void warmUpOnAnEmptyTableThenFillIt() throws SQLException {
    JdbcBackend.of(POSTGRES.dataSource());
    database = POSTGRES.singleConnection();
    queue = JdbcBackend.of(database, Migration.NONE).queue();
    Tables.clear(database);
    PostgresDatabase.execute(database, "ALTER TABLE nb_job SET (autovacuum_enabled = false)");
    PostgresDatabase.execute(database, "VACUUM ANALYZE nb_job");
    node = queue.join("here", Duration.ofMinutes(5));
    for (int i = 0; i < 20; i++) {
      queue.claim(new Claim("default", node, 100));
    }
    for (int i = 0; i < ROWS; i += 10_000) {
      queue.insert(Jobs.jobs(10_000));
    }
  }

  @Test
  void aWarmConnectionStillClaimsAndSettlesThroughTheIndexes() throws SQLException {
    long before = sequentialScans();

    for (int i = 0; i < 20; i++) {
      List<Lease> leases = queue.claim(new Claim("default", node, 100));
      assertThat(leases).hasSize(100);
      assertThat(queue.settle(leases.stream().map(Jobs::done).toList())).hasSize(100);
    }

    assertThat(sequentialScans()).as("scans of the whole live table").isEqualTo(before);
    assertThat(number("SELECT count(*) FROM pg_prepared_statements WHERE statement ~ 'nb_job'"))
        .as("plans kept on the server")
        .isZero();
  }

  @Test
  void largeBatchesFindEachRowByItsId() throws SQLException {
    PostgresDatabase.execute(database, "ANALYZE nb_job");
    long before = sequentialScans();

    for (int i = 0; i < 3; i++) {
      List<Lease> leases = queue.claim(new Claim("default", node, LARGE));
      assertThat(leases).hasSize(LARGE);
      assertThat(queue.settle(leases.stream().map(PostgresPlanTest::back).toList())).hasSize(LARGE);
      leases = queue.claim(new Claim("default", node, LARGE));
      assertThat(queue.settle(leases.stream().map(Jobs::done).toList())).hasSize(LARGE);
    }

    assertThat(sequentialScans()).as("scans of the whole live table").isEqualTo(before);
  }

  private static Transition back(Lease lease) {
    return Transition.Back.inPlace(lease.job().id(), lease.token(), null);
  }

  @Test
  void theClaimIsPlannedOnTheReadyIndex() throws SQLException {
    String plan = explain(literal(PostgresDialect.CLAIM));

    assertThat(plan)
        .contains("nb_job_ready")
        .contains("nb_job_pkey")
        .doesNotContain("Seq Scan on nb_job");
  }

  private static String literal(String sql) {
    return sql.replace("<job>", "j.id")
        .replace("<now>", "now()")
        .replace(":priorities", "array[0,1,2,3,4,5,6,7,8,9]")
        .replace(":froms", "array[0,0,0,0,0,0,0,0,0,0]")
        .replace(":tos", "array[null,null,null,null,null,null,null,null,null,null]")
        .replace(":queue", "'default'")
        .replace(":limit", "100")
        .replace(":node", "1")
        .replace(":token", "1");
  }

  private String explain(String sql) throws SQLException {
    StringBuilder plan = new StringBuilder();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("EXPLAIN " + sql)) {
      while (rows.next()) {
        plan.append(rows.getString(1)).append('\n');
      }
    }
    return plan.toString();
  }

  private long sequentialScans() throws SQLException {
    // The flush comes at the end of its own statement.
    PostgresDatabase.execute(database, "SELECT pg_stat_force_next_flush()");
    return number("SELECT seq_scan FROM pg_stat_user_tables WHERE relid = 'nb_job'::regclass");
  }

  private long number(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
