package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.neuralbridge.NeuralBridge;
import io.neuralbridge.jdbc.testing.PostgresDatabase;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.queue.Queue;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.PGConnection;

class PostgresBridgeFaultTest extends BridgeFaultTests {

  private static final int CONNECTIONS = 4;

  @RegisterExtension static final PostgresDatabase POSTGRES = new PostgresDatabase();

  @Override
  HikariDataSource emptied() throws SQLException {
    JdbcBackend.of(POSTGRES.dataSource());
    Tables.clear(POSTGRES.dataSource());
    return POSTGRES.dataSource();
  }

  @Override
  List<SQLException> conflicts() {
    return Conflicts.OF_POSTGRES;
  }

  /** A pool of few connections that does not wait long. */
  private static HikariDataSource smallPool() {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(POSTGRES.dataSource().getJdbcUrl());
    config.setDataSourceProperties(POSTGRES.dataSource().getDataSourceProperties());
    config.setMaximumPoolSize(CONNECTIONS);
    config.setConnectionTimeout(250);
    return new HikariDataSource(config);
  }

  @Test
  void jobsGoOnWhenOthersGiveTheConnectionsBackThatTheyTook() throws Exception {
    try (HikariDataSource pool = smallPool()) {
      NeuralBridge bridge = start(new FaultyDataSource(pool), 1, LONG);
      Job running = bridge.enqueue(Jobs.TYPE.request("wait"));
      Eventually.isDown(entered);
      Job next = bridge.enqueue(Jobs.TYPE.request("x"));
      List<Connection> taken = takeAllButTheListener(pool);
      release.countDown();
      Eventually.isTrue(
          "the bridge waits", () -> pool.getHikariPoolMXBean().getThreadsAwaitingConnection() > 1);
      for (Connection connection : taken) {
        connection.close();
      }

      awaitCompleted(running);
      awaitCompleted(next);
      assertThat(find(running).attempt()).isEqualTo(1);
      closeBridges();
    }
  }

  // A bridge that runs keeps one to hear of new jobs.
  private static List<Connection> takeAllButTheListener(HikariDataSource pool) {
    return take(pool, CONNECTIONS - 1);
  }

  private static List<Connection> take(HikariDataSource pool, int number) {
    List<Connection> taken = new ArrayList<>();
    Eventually.isTrue(
        "all are taken",
        () -> {
          try {
            taken.add(pool.getConnection());
          } catch (SQLException e) {
            // The bridge was first; it gives it back soon.
          }
          return taken.size() == number;
        });
    return taken;
  }

  @Test
  void connectionsToAServerThatHasBecomeReadOnlyAreReplaced() throws Exception {
    try (HikariDataSource pool = smallPool()) {
      NeuralBridge bridge = start(new FaultyDataSource(pool), 1, LONG);
      Job running = bridge.enqueue(Jobs.TYPE.request("wait"));
      Eventually.isDown(entered);
      setOnAll(pool, "SET default_transaction_read_only = on");

      Job next = bridge.enqueue(Jobs.TYPE.request("x"));
      release.countDown();

      awaitCompleted(running);
      awaitCompleted(next);
      closeBridges();
    }
  }

  @Test
  void statementsThatTakeTooLongAreMadeAgainWhenTheServerIsFree() throws Exception {
    try (HikariDataSource pool = smallPool();
        Connection other = POSTGRES.dataSource().getConnection()) {
      FaultyDataSource slow = new FaultyDataSource(pool);
      NeuralBridge bridge = start(slow, 1, LONG);
      Job running = bridge.enqueue(Jobs.TYPE.request("wait"));
      Eventually.isDown(entered);
      Job next = bridge.enqueue(Jobs.TYPE.request("x"));
      setOnAll(pool, "SET statement_timeout = 250");
      other.setAutoCommit(false);
      other.createStatement().execute("LOCK TABLE nb_job IN ACCESS EXCLUSIVE MODE");
      release.countDown();
      int before = slow.failures();
      Eventually.isTrue("statements are cancelled", () -> slow.failures() > before + 5);
      other.rollback();

      awaitCompleted(running);
      awaitCompleted(next);
      assertThat(find(running).attempt()).isEqualTo(1);
      assertThat(find(running).crashes()).isZero();
      closeBridges();
    }
  }

  private static void setOnAll(HikariDataSource pool, String sql) throws SQLException {
    for (Connection connection : takeAllButTheListener(pool)) {
      connection.createStatement().execute(sql);
      connection.close();
    }
  }

  @Test
  void aCallerDoesNotSeeThatThePoolsConnectionsWereCutOff() throws Exception {
    try (HikariDataSource pool = smallPool()) {
      Queue queue = JdbcBackend.of(pool, JdbcBackend.Migration.NONE).queue();
      List<String> cut = new ArrayList<>();
      for (Connection connection : take(pool, CONNECTIONS)) {
        cut.add(Integer.toString(connection.unwrap(PGConnection.class).getBackendPID()));
        connection.close();
      }
      String pids = String.join(", ", cut);
      PostgresDatabase.execute(
          POSTGRES.dataSource(),
          "SELECT pg_terminate_backend(pid) FROM unnest(ARRAY[" + pids + "]) AS b(pid)");

      assertThat(queue.insert(Jobs.jobs(2))).hasSize(2);
      assertThat(observer.counts()).containsEntry(JobState.AVAILABLE, 2L);
    }
  }
}
