package io.neuralbridge.jdbc;

import io.neuralbridge.queue.Band;
import io.neuralbridge.queue.Claim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The way that a claim takes. A queue without limits and keys is claimed from by one statement,
 * which notices itself when settings forbid that. A look at the queue comes before, unless the last
 * one was made a moment ago and the claims since have all found as much as they asked for: keys and
 * age matter little then, and a busy queue is not looked at for every claim. Nor does a look come
 * before the first claim after one that found nothing due: what is due now has come since, and what
 * that claim leaves is found by the next look. Where limits or keys matter, look and claim are one
 * transaction.
 */
final class Claims {

  private static final Duration FRESH = Duration.ofMillis(250);

  /** A busy queue without limits and keys, as it was looked at. */
  private record Busy(List<Band.Range> ranges, @Nullable String now, long nanos) {

    boolean isFresh(Session session) {
      return Objects.equals(now, session.now()) && System.nanoTime() - nanos < FRESH.toNanos();
    }
  }

  /**
   * A queue without limits and keys in which nothing was due.
   *
   * @param ageing how long it takes until what comes since counts for more than it was given
   */
  private record Quiet(
      List<Band.Range> ranges, @Nullable Duration ageing, @Nullable String now, long nanos) {

    boolean isLikeNow(Session session) {
      boolean young =
          ageing == null || ageing.compareTo(Duration.ofNanos(System.nanoTime() - nanos)) > 0;
      return young && Objects.equals(now, session.now());
    }
  }

  private final Database database;
  private final Dialect dialect;
  private final Map<String, Busy> busy = new ConcurrentHashMap<>();
  private final Map<String, Quiet> quiet = new ConcurrentHashMap<>();
  private final Set<String> inTurns = ConcurrentHashMap.newKeySet();

  Claims(Database database) {
    this.database = database;
    this.dialect = database.dialect;
  }

  /** The queue has got jobs with keys. */
  void forget(String queue) {
    busy.remove(queue);
    quiet.remove(queue);
    inTurns.add(queue);
  }

  List<JobRows.Leased> claim(Claim claim, long token) {
    Quiet before = quiet.remove(claim.queue());
    if (before != null) {
      List<JobRows.Leased> first = claimFromQuiet(claim, before, token);
      if (!first.isEmpty()) {
        return first;
      }
    }
    List<JobRows.Leased> leased =
        busy.containsKey(claim.queue()) ? claimFromBusy(claim, token) : List.of();
    int rest = claim.limit() - leased.size();
    if (rest == 0) {
      return leased;
    }
    Claim more = new Claim(claim.queue(), claim.node(), rest);
    List<JobRows.Leased> all = new ArrayList<>(leased);
    all.addAll(inTurns.contains(claim.queue()) ? inTurns(more, token) : freely(more, token));
    return all;
  }

  private List<JobRows.Leased> claimFromQuiet(Claim claim, Quiet before, long token) {
    return database.runStatement(
        session ->
            before.isLikeNow(session)
                ? dialect.claim(session, claim, before.ranges(), token)
                : List.of());
  }

  // Without a look, if the last one is fresh. When that finds less than was asked for, a look comes
  // next.
  private List<JobRows.Leased> claimFromBusy(Claim claim, long token) {
    return database.runStatement(
        session -> {
          Busy known = busy.get(claim.queue());
          List<JobRows.Leased> leased =
              known != null && known.isFresh(session)
                  ? dialect.claim(session, claim, known.ranges(), token)
                  : List.of();
          if (leased.size() < claim.limit()) {
            busy.remove(claim.queue());
          }
          return leased;
        });
  }

  private List<JobRows.Leased> freely(Claim claim, long token) {
    QueueLook look = database.runRepeatable(session -> QueueLook.at(session, claim.queue()));
    if (!look.hasDueJobs()) {
      return List.of();
    }
    return look.isFreeForAll()
        ? database.runStatement(session -> freely(session, claim, look, token))
        : inTurns(claim, token);
  }

  private List<JobRows.Leased> inTurns(Claim claim, long token) {
    return database.runGuarded(
        session -> {
          QueueLook look = QueueLook.at(session, claim.queue());
          if (look.isFreeForAll()) {
            inTurns.remove(claim.queue());
          } else {
            inTurns.add(claim.queue());
          }
          if (!look.hasDueJobs()) {
            return List.of();
          }
          return look.isFreeForAll()
              ? freely(session, claim, look, token)
              : Turns.claim(session, dialect, claim, look, token);
        });
  }

  private List<JobRows.Leased> freely(Session session, Claim claim, QueueLook look, long token) {
    List<Band.Range> ranges = look.ranges();
    List<JobRows.Leased> leased = dialect.claim(session, claim, ranges, token);
    if (leased.size() == claim.limit()) {
      busy.put(claim.queue(), new Busy(ranges, session.now(), System.nanoTime()));
    }
    return leased;
  }

  Optional<Duration> untilNextDue(Session session, String queue) {
    QueueLook look = QueueLook.at(session, queue);
    if (look.paused()) {
      return Optional.empty();
    }
    if (look.isFreeForAll() && !look.hasDueJobs() && !inTurns.contains(queue)) {
      quiet.put(queue, new Quiet(look.ranges(), look.ageing(), session.now(), System.nanoTime()));
    }
    return look.isFreeForAll() || !look.hasDueJobs()
        ? look.untilNextDue()
        : Turns.untilNext(session, dialect, queue, look);
  }
}
