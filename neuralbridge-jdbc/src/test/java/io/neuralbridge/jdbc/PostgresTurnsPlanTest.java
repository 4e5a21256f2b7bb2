package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.neuralbridge.jdbc.JdbcBackend.Migration;
import io.neuralbridge.jdbc.testing.PostgresDatabase;
import io.neuralbridge.job.JobRequest;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Queue;
import io.neuralbridge.queue.QueueLimits;
import io.neuralbridge.queue.RateLimit;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Claims by turns from a queue that was empty when its statistics were made. */
class PostgresTurnsPlanTest {

  @RegisterExtension static final PostgresDatabase POSTGRES = new PostgresDatabase();

  private HikariDataSource database;
  private Queue queue;
  private long node;

  @BeforeEach
  void analyseAnEmptyTableThenFillIt() throws SQLException {
    JdbcBackend.of(POSTGRES.dataSource());
    database = POSTGRES.singleConnection();
    queue = JdbcBackend.of(database, Migration.NONE).queue();
    Tables.clear(database);
    PostgresDatabase.execute(database, "ALTER TABLE nb_job SET (autovacuum_enabled = false)");
    PostgresDatabase.execute(database, "VACUUM ANALYZE nb_job");
    node = queue.join("here", Duration.ofMinutes(5));
    insert(10_000, i -> request());
    insert(10_000, i -> request().withKey("greedy"));
    insert(3_000, i -> request().withKey("key" + i));
    insert(7_000, i -> request().withKey("later" + i).in(Duration.ofHours(1)));
  }

  private static JobRequest<String> request() {
    return Jobs.TYPE.request("x");
  }

  private void insert(int count, IntFunction<JobRequest<String>> request) {
    List<NewJob> jobs =
        IntStream.range(0, count).mapToObj(i -> request.apply(i).toNewJob()).toList();
    queue.insert(jobs);
  }

  @Test
  void claimsInTurnsAndWithinLimitsGoThroughTheIndexes() throws SQLException {
    queue
        .controls()
        .limit(
            "default",
            QueueLimits.NONE
                .withMaxRunning(2_000)
                .withMaxRunningPerKey(2)
                .withRate(RateLimit.perSecond(1_000_000)));
    long before = sequentialScans();

    Set<String> keys = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      List<Lease> leases = claim(100);
      leases.forEach(lease -> keys.add(String.valueOf(lease.job().spec().share().key())));
      queue.untilNextDue("default");
      queue.notices(node);
      queue.controls().running("default", "here");
      queue.controls().status();
    }

    assertThat(keys).hasSizeGreaterThan(900).contains("greedy", "null");
    assertThat(sequentialScans()).as("scans of the whole live table").isEqualTo(before);
  }

  @Test
  void claimsByAgeGoThroughTheReadyIndex() throws SQLException {
    PostgresDatabase.execute(
        database,
        "UPDATE nb_job SET priority = id % 10, limit_key = NULL,"
            + " run_at = run_at - (id % 100) * interval '1 minute'");
    long before = sequentialScans();

    for (int i = 0; i < 10; i++) {
      assertThat(claim(100)).hasSize(100);
    }

    assertThat(sequentialScans()).as("scans of the whole live table").isEqualTo(before);
  }

  @Test
  void theSearchForKeysJumpsFromOneToTheNext() throws SQLException {
    String plan = explain(PostgresDueRows.KEYS_AFTER);

    assertThat(plan).contains("nb_job_turn").doesNotContain("Seq Scan").doesNotContain("Sort");
  }

  private List<Lease> claim(int limit) {
    return queue.claim(new Claim("default", node, limit));
  }

  private String explain(String sql) throws SQLException {
    String literal =
        sql.replace("<now>", "now()")
            .replace(":queue", "'default'")
            .replace(":priority", "1")
            .replace(":after", "'greedy'")
            .replace(":limit", "100")
            .replace("ORDER BY n\n", "");
    StringBuilder plan = new StringBuilder();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("EXPLAIN " + literal)) {
      while (rows.next()) {
        plan.append(rows.getString(1)).append('\n');
      }
    }
    return plan.toString();
  }

  private long sequentialScans() throws SQLException {
    // The flush comes at the end of its own statement.
    PostgresDatabase.execute(database, "SELECT pg_stat_force_next_flush()");
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT seq_scan FROM pg_stat_user_tables WHERE relid = 'nb_job'::regclass")) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
