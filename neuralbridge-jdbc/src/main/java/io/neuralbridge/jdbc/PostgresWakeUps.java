package io.neuralbridge.jdbc;

import io.neuralbridge.queue.WakeUps;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Hints by LISTEN and NOTIFY, on a channel of the tables' own, so that schemas that share a
 * database do not wake each other. They are sent apart from the transactions that they tell of: a
 * notification holds up all other commits with one until it is flushed.
 */
final class PostgresWakeUps implements WakeUps {

  private static final String CHANNEL =
      """
      SELECT 'nb_jobs_' || cast(to_regclass('nb_job') AS oid)
      """;

  /**
   * How a listener goes about it.
   *
   * @param beat how often it makes sure that it would hear something
   * @param answer how long it waits for that, in whole seconds
   * @param spare how long it waits for the proof that the pool has another connection
   * @param later when it tries again if the pool has none
   */
  record Timing(Duration beat, Duration answer, Duration spare, Duration later) {

    static final Timing DEFAULT =
        new Timing(
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofMinutes(10));
  }

  private final Database database;
  private final DataSource dataSource;
  private final Timing timing;
  private final NotifySender sender;
  private volatile @Nullable String channel;

  PostgresWakeUps(Database database, DataSource dataSource, Timing timing) {
    this.database = database;
    this.dataSource = dataSource;
    this.timing = timing;
    this.sender = new NotifySender(database, this::channel);
  }

  /** The same on all nodes. */
  String channel() {
    String known = channel;
    if (known == null) {
      known = database.run(session -> session.query(CHANNEL).mapTo(String.class).one());
      channel = known;
    }
    return known;
  }

  @Override
  public void send(String queue) {
    sender.send(queue);
  }

  @Override
  public Subscription listen(Listener listener) {
    return NotifyListener.start(new SpareConnection(dataSource, timing), this, timing, listener);
  }
}
