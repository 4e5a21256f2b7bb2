package io.neuralbridge.jdbc;

import io.neuralbridge.queue.Band;
import io.neuralbridge.queue.Head;
import io.neuralbridge.queue.QueueLimits;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a queue stands, read without a lock.
 *
 * @param plain whether no setting asks for more
 * @param heads its first waiting jobs
 */
record QueueLook(
    Instant now, boolean plain, boolean paused, @Nullable Duration ageing, List<Head> heads) {

  // All columns of the index in the order, or H2 sorts the whole queue.
  private static final String LOOK =
      """
      SELECT p.priority, <now> AS seen_at, q.name, q.plain, q.paused, q.ageing,
        (SELECT j.run_at FROM nb_job j
         WHERE j.state = 0 AND <unkeyed> AND j.queue = :queue AND j.priority = p.priority
         ORDER BY <by_due_time> LIMIT 1) AS unkeyed_at,
        (SELECT j.run_at FROM nb_job j
         WHERE j.state = 0 AND <keyed> AND j.queue = :queue AND j.priority = p.priority
         ORDER BY <by_due_time> LIMIT 1) AS keyed_at
      FROM unnest(cast(:priorities AS smallint array)) AS p(priority)
      LEFT JOIN nb_queue q ON q.name = :queue
      """;

  private record Row(
      Instant now, boolean plain, boolean paused, @Nullable Duration ageing, List<Head> heads) {

    static Row of(ResultSet row) throws SQLException {
      boolean stored = row.getString("name") != null;
      List<Head> heads = new ArrayList<>();
      addHead(row, "unkeyed_at", false, heads);
      addHead(row, "keyed_at", true, heads);
      return new Row(
          JobRows.instant(row, "seen_at"),
          !stored || row.getBoolean("plain"),
          row.getBoolean("paused"),
          stored ? QueueRow.ageing(row) : QueueLimits.NONE.ageing(),
          heads);
    }

    private static void addHead(ResultSet row, String column, boolean keyed, List<Head> heads)
        throws SQLException {
      Instant runAt = JobRows.instantOrNull(row, column);
      if (runAt != null) {
        heads.add(new Head(row.getInt("priority"), keyed, runAt));
      }
    }
  }

  static QueueLook at(Session session, String queue) {
    List<Row> rows =
        session
            .query(LOOK)
            .bind("queue", queue)
            .bindArray("priorities", Integer.class, JobRows.PRIORITIES)
            .map((row, context) -> Row.of(row))
            .list();
    Row any = rows.get(0);
    List<Head> heads = rows.stream().flatMap(row -> row.heads().stream()).toList();
    return new QueueLook(any.now(), any.plain(), any.paused(), any.ageing(), heads);
  }

  /** Whether jobs may begin in the order of their due times, with no regard to others. */
  boolean isFreeForAll() {
    return plain && heads.stream().noneMatch(head -> head.keyed() && isDue(head));
  }

  boolean hasDueJobs() {
    return heads.stream().anyMatch(this::isDue);
  }

  private boolean isDue(Head head) {
    return !head.runAt().isAfter(now);
  }

  /** How long until the first job is due; zero if one is. */
  Optional<Duration> untilNextDue() {
    return heads.stream()
        .map(head -> Duration.between(now, head.runAt()))
        .map(wait -> wait.isNegative() ? Duration.ZERO : wait)
        .min(Duration::compareTo);
  }

  List<Band.Range> ranges() {
    return Band.ranges(heads, now, ageing);
  }
}
