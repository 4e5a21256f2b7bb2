package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.neuralbridge.jdbc.PostgresWakeUps.Timing;
import io.neuralbridge.jdbc.testing.PostgresDatabase;
import io.neuralbridge.queue.WakeUps;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;

/** What a listener hears, and what it does to the connections that it needs. */
@Timeout(120)
class PostgresListenerTest {

  private static final Timing QUICK =
      new Timing(
          Duration.ofMillis(200),
          Duration.ofSeconds(1),
          Duration.ofSeconds(20),
          Duration.ofDays(1));
  private static final String LOST = "hints may be lost";

  @RegisterExtension static final PostgresDatabase POSTGRES = new PostgresDatabase();

  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final List<WakeUps.Subscription> subscriptions = new ArrayList<>();
  private DataSource dataSource;

  @BeforeEach
  void open() {
    dataSource = POSTGRES.dataSource();
    JdbcBackend.of(dataSource);
  }

  @AfterEach
  void stop() {
    subscriptions.forEach(WakeUps.Subscription::close);
  }

  @Test
  void aHintReachesAllWhoListenOnTheSameTables() throws Exception {
    listen(dataSource);
    listen(dataSource);

    wakeUps(dataSource).send("default");

    assertThat(next()).isEqualTo("default");
    assertThat(next()).isEqualTo("default");
  }

  @Test
  void otherSchemasOfTheDatabaseAreNotHeard() throws Exception {
    HikariDataSource other = POSTGRES.newSchema();
    JdbcBackend.of(other);
    listen(dataSource);

    Database elsewhere = database(other);
    assertThat(wakeUps(other).channel()).isNotEqualTo(wakeUps(dataSource).channel());
    elsewhere.run(
        session ->
            session
                .query("SELECT pg_notify(:channel, 'not ours')")
                .bind("channel", wakeUps(other).channel())
                .map((row, context) -> 1)
                .one());
    wakeUps(dataSource).send("ours");

    assertThat(next()).isEqualTo("ours");
  }

  @Test
  void hintsThatComeAtOnceAreSentTogether() throws Exception {
    listen(dataSource);
    PostgresWakeUps wakeUps = wakeUps(dataSource);
    long start = System.nanoTime();
    for (int i = 0; i < 10_000; i++) {
      wakeUps.send("default");
    }
    wakeUps.send("end");
    int count = 0;
    for (String queue = next(); !queue.equals("end"); queue = next()) {
      count++;
    }

    long gaps = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) / 5;
    assertThat((long) count).isBetween(1L, gaps + 2);
  }

  @Test
  void aListenerWhoseConnectionIsCutListensAnewAndSaysThatHintsMayBeLost() throws Exception {
    PGSimpleDataSource named = direct();
    named.setApplicationName("cut off");
    listen(named);

    assertThat(
            number(
                """
                SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                WHERE application_name = 'cut off'
                """))
        .isEqualTo(1);

    assertThat(next()).isEqualTo(LOST);
    wakeUps(dataSource).send("default");
    assertThat(next()).isEqualTo("default");
  }

  @Test
  void aConnectionThatFellSilentIsNoticedByTheBeat() throws Exception {
    URI url = URI.create(POSTGRES.dataSource().getJdbcUrl().substring("jdbc:".length()));
    try (HalfOpenProxy proxy = new HalfOpenProxy(url.getPort())) {
      PGSimpleDataSource through = direct();
      through.setPortNumbers(new int[] {proxy.port()});
      listen(through);

      proxy.silence();

      assertThat(next()).isEqualTo(LOST);
      wakeUps(dataSource).send("default");
      assertThat(next()).isEqualTo("default");
    }
  }

  @Test
  void theOnlyConnectionOfAPoolIsGivenBack() throws Exception {
    HikariDataSource pool = POSTGRES.singleConnection();
    Timing impatient =
        new Timing(
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            Duration.ofMillis(50),
            Duration.ofMillis(1));
    SpareConnection connections = new SpareConnection(pool, impatient);

    assertThat(connections.take()).isNull();

    try (Connection connection = pool.getConnection()) {
      assertThat(connection.isValid(1)).isTrue();
    }
    assertThat(connections.take()).isNull();
  }

  @Test
  void aConnectionThatIsGivenBackDoesNotListenAnyMore() throws Exception {
    try (HikariDataSource pool = twoConnections()) {
      listen(pool);
      assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isEqualTo(1);
      subscriptions.get(0).close();

      try (Connection one = pool.getConnection();
          Connection other = pool.getConnection()) {
        assertThat(channels(one) + channels(other)).isZero();
        assertThat(one.getAutoCommit()).isFalse();
        assertThat(other.getAutoCommit()).isFalse();
      }
    }
  }

  private static HikariDataSource twoConnections() {
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl(POSTGRES.dataSource().getJdbcUrl());
    pool.setDataSourceProperties(POSTGRES.dataSource().getDataSourceProperties());
    pool.setMaximumPoolSize(2);
    pool.setAutoCommit(false);
    return pool;
  }

  private static long channels(Connection connection) throws SQLException {
    try (ResultSet row =
        connection.createStatement().executeQuery("SELECT count(*) FROM pg_listening_channels()")) {
      row.next();
      return row.getLong(1);
    }
  }

  private void listen(DataSource source) throws InterruptedException {
    subscriptions.add(
        wakeUps(source)
            .listen(
                new WakeUps.Listener() {
                  @Override
                  public void jobsMayBeDue(String queue) {
                    heard.add(queue);
                  }

                  @Override
                  public void hintsMayBeLost() {
                    heard.add(LOST);
                  }
                }));
    assertThat(next()).as("said whenever it begins to listen").isEqualTo(LOST);
  }

  private String next() throws InterruptedException {
    String hint = heard.poll(60, TimeUnit.SECONDS);
    assertThat(hint).as("a hint").isNotNull();
    return hint;
  }

  private static PGSimpleDataSource direct() {
    HikariDataSource pool = POSTGRES.dataSource();
    PGSimpleDataSource direct = new PGSimpleDataSource();
    direct.setUrl(pool.getJdbcUrl());
    direct.setCurrentSchema(pool.getDataSourceProperties().getProperty("currentSchema"));
    return direct;
  }

  private long number(String sql) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        ResultSet row = connection.createStatement().executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static PostgresWakeUps wakeUps(DataSource source) {
    return new PostgresWakeUps(database(source), source, QUICK);
  }

  private static Database database(DataSource source) {
    return new Database(source, new PostgresDialect(), null, false, false);
  }
}
