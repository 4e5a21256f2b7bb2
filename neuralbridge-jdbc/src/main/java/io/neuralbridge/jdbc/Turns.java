package io.neuralbridge.jdbc;

import io.neuralbridge.queue.Candidate;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.QueueLimits;
import io.neuralbridge.queue.Standing;
import io.neuralbridge.queue.TurnTaking;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Claims from queues with limits or keys. Each locks its queue's row first and counts what runs
 * with a statement of its own then, which sees all that was claimed under the lock before: one
 * statement that did both would count by what it saw before it waited, and claim too much.
 */
final class Turns {

  private static final String LOCK =
      """
      SELECT q.*, <now> AS seen_at,
        EXISTS (SELECT 1 FROM nb_node n WHERE n.id = :node) AS joined,
        (SELECT s.paused FROM nb_queue_node s
         JOIN nb_node n ON n.name = s.node
         WHERE s.queue = q.name AND n.id = :node) AS paused_here
      FROM nb_queue q
      WHERE q.name = :queue
      FOR UPDATE
      """;

  private static final String READ =
      """
      SELECT q.* FROM nb_queue q WHERE q.name = :queue
      """;

  private static final String MAKE =
      """
      INSERT INTO nb_queue (name, ageing) VALUES (:queue, :ageing)
      """;

  private static final String RUNNING =
      """
      SELECT j.limit_key, count(*) AS running
      FROM nb_job j WHERE j.state = 1 AND j.queue = :queue
      GROUP BY j.limit_key
      """;

  private static final String REMEMBER =
      """
      UPDATE nb_queue
      SET bucket_full_at = cast(:fullAt AS timestamp(6) with time zone), last_keys = :lastKeys
      WHERE name = :queue
      """;

  private record Locked(QueueRow row, Instant now, boolean open) {

    static Locked of(ResultSet row) throws SQLException {
      QueueRow queue = QueueRow.of(row);
      Boolean here = row.getObject("paused_here", Boolean.class);
      Boolean paused = here == null ? queue.settings().paused() : here;
      boolean open = row.getBoolean("joined") && !Boolean.TRUE.equals(paused);
      return new Locked(queue, JobRows.instant(row, "seen_at"), open);
    }
  }

  private Turns() {}

  static List<JobRows.Leased> claim(
      Session session, Dialect dialect, Claim claim, QueueLook look, long token) {
    Locked locked = lock(session, claim);
    if (!locked.open()) {
      return List.of();
    }
    Standing standing = standing(session, locked.row(), locked.now());
    TurnTaking.Choice choice =
        TurnTaking.choose(
            dialect.dueJobs(session, claim.queue()), standing, look.heads(), claim.limit());
    if (choice.jobs().isEmpty()) {
      return List.of();
    }
    List<Long> ids = choice.jobs().stream().map(Candidate::id).toList();
    List<JobRows.Leased> leased = dialect.lease(session, claim, token, ids);
    long weight = leased.stream().mapToLong(lease -> lease.job().spec().share().weight()).sum();
    remember(session, claim.queue(), standing.bucketFullAfter(weight), choice.lastKeys());
    return leased;
  }

  // If another makes the row at once, its key is taken and the transaction begins anew.
  private static Locked lock(Session session, Claim claim) {
    Optional<Locked> locked = tryLock(session, claim);
    if (locked.isPresent()) {
      return locked.get();
    }
    make(session, claim.queue());
    return tryLock(session, claim).orElseThrow();
  }

  private static Optional<Locked> tryLock(Session session, Claim claim) {
    return session
        .query(LOCK)
        .bind("queue", claim.queue())
        .bind("node", claim.node())
        .map((row, context) -> Locked.of(row))
        .findOne();
  }

  static void make(Session session, String queue) {
    session
        .update(MAKE)
        .bind("queue", queue)
        .bindByType("ageing", QueueRow.microsOrNull(QueueLimits.NONE.ageing()), Long.class)
        .execute();
  }

  static Standing standing(Session session, QueueRow row, Instant now) {
    Map<String, Integer> running = new HashMap<>();
    session
        .query(RUNNING)
        .bind("queue", row.name())
        .map((keys, context) -> Map.entry(key(keys), keys.getInt("running")))
        .forEach(count -> running.put(count.getKey(), count.getValue()));
    return new Standing(row.limits(), now, row.bucketFullAt(), row.lastKeys(), running);
  }

  private static String key(ResultSet row) throws SQLException {
    String key = row.getString("limit_key");
    return key == null ? Candidate.NO_KEY : key;
  }

  private static void remember(
      Session session, String queue, @Nullable Instant fullAt, Map<Integer, String> lastKeys) {
    session
        .update(REMEMBER)
        .bind("queue", queue)
        .bind("fullAt", SqlText.instantOrNull(fullAt))
        .bind("lastKeys", QueueRow.text(lastKeys))
        .execute();
  }

  /** How long until a job may begin that is due; a look without a lock, which may be outdated. */
  static Optional<Duration> untilNext(
      Session session, Dialect dialect, String queue, QueueLook look) {
    QueueRow row =
        session
            .query(READ)
            .bind("queue", queue)
            .map((stored, context) -> QueueRow.of(stored))
            .findOne()
            .orElse(null);
    return row == null
        ? Optional.of(Duration.ZERO)
        : TurnTaking.choose(
                dialect.dueJobs(session, queue),
                standing(session, row, look.now()),
                look.heads(),
                1)
            .untilNext();
  }
}
