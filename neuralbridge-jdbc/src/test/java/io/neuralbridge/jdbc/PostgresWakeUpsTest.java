package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.neuralbridge.Builder;
import io.neuralbridge.NeuralBridge;
import io.neuralbridge.event.JobEvent;
import io.neuralbridge.jdbc.JdbcBackend.Migration;
import io.neuralbridge.jdbc.testing.PostgresDatabase;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.Worker;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Jobs that one pool enqueues and a bridge on another one runs, as if in another process. */
@Timeout(120)
class PostgresWakeUpsTest {

  private static final Duration NEVER = Duration.ofHours(1);

  @RegisterExtension static final PostgresDatabase POSTGRES = new PostgresDatabase();

  private final BlockingQueue<Long> settled = new LinkedBlockingQueue<>();
  private NeuralBridge client;

  @BeforeEach
  void open() throws SQLException {
    client = NeuralBridge.builder().store(JdbcBackend.of(POSTGRES.dataSource()).queue()).build();
    Tables.clear(POSTGRES.dataSource());
  }

  @Test
  void aJobOfAnotherProcessStartsAtOnceHoweverRarelyThisOnePolls() throws Exception {
    try (HikariDataSource pool = pool(5);
        NeuralBridge runner = runner(JdbcBackend.of(pool), NEVER).build().start()) {
      runOneByOne(5);
      assertThat(runner.counts()).isNotEmpty();
    }
  }

  @Test
  void jobsOfACallersTransactionStartWhenTheCallerSaysThatItIsOver() throws Exception {
    try (HikariDataSource pool = pool(5);
        Connection connection = POSTGRES.dataSource().getConnection();
        NeuralBridge runner = runner(JdbcBackend.of(pool), NEVER).build().start()) {
      runOneByOne(3);
      connection.setAutoCommit(false);
      JdbcBackend backend = JdbcBackend.of(POSTGRES.dataSource());
      Job job = client.using(backend.inTransaction(connection)).enqueue(Jobs.TYPE.request("x"));
      connection.commit();

      client.wake("default");

      assertThat(settled.poll(60, TimeUnit.SECONDS)).isEqualTo(job.id());
      assertThat(runner.counts()).isNotEmpty();
    }
  }

  @Test
  void withoutNotificationsPollingFindsTheJob() throws Exception {
    try (HikariDataSource pool = pool(5);
        NeuralBridge runner =
            runner(JdbcBackend.of(pool).withoutNotifications(), Duration.ofMillis(20))
                .build()
                .start()) {
      Job job = client.enqueue(Jobs.TYPE.request("x"));

      assertThat(settled.poll(60, TimeUnit.SECONDS)).isEqualTo(job.id());
      assertThat(listeners()).isZero();
      assertThat(runner.counts()).isNotEmpty();
    }
  }

  @Test
  void aPoolOfOneConnectionPolls() throws Exception {
    try (HikariDataSource pool = pool(1);
        NeuralBridge runner =
            runner(JdbcBackend.of(pool, Migration.NONE), Duration.ofMillis(20)).build().start()) {
      Job job = client.enqueue(Jobs.TYPE.request("x"));

      assertThat(settled.poll(60, TimeUnit.SECONDS)).isEqualTo(job.id());
      assertThat(runner.counts()).isNotEmpty();
    }
  }

  // The first two may be found by the looks around that follow the join and the LISTEN.
  private void runOneByOne(int jobs) throws InterruptedException {
    for (int i = 0; i < jobs; i++) {
      Job job = client.enqueue(Jobs.TYPE.request("x"));
      assertThat(settled.poll(60, TimeUnit.SECONDS)).isEqualTo(job.id());
    }
  }

  private Builder runner(JdbcBackend backend, Duration pollInterval) {
    return NeuralBridge.builder()
        .store(backend.queue())
        .worker(new Quick())
        .pollInterval(pollInterval)
        .listener(
            event -> {
              if (event instanceof JobEvent.Settled) {
                settled.add(event.job().id());
              }
            });
  }

  private static HikariDataSource pool(int connections) {
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl(POSTGRES.dataSource().getJdbcUrl());
    pool.setDataSourceProperties(POSTGRES.dataSource().getDataSourceProperties());
    pool.setMaximumPoolSize(connections);
    return pool;
  }

  private static long listeners() throws SQLException {
    try (Connection connection = POSTGRES.dataSource().getConnection();
        ResultSet row =
            connection
                .createStatement()
                .executeQuery(
                    """
                    SELECT count(*) FROM pg_stat_activity
                    WHERE query = 'LISTEN nb_jobs_' || cast(to_regclass('nb_job') AS oid)
                    """)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static final class Quick implements Worker<String> {
    @Override
    public JobType<String> type() {
      return Jobs.TYPE;
    }

    @Override
    public Outcome work(JobContext<String> context) {
      return Outcome.completed();
    }
  }
}
