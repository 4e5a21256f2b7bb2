package io.neuralbridge.jdbc;

import io.neuralbridge.queue.Band;
import io.neuralbridge.queue.Claim;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The way that a claim takes. A queue without limits and keys is claimed from by one statement,
 * which notices itself when settings forbid that. A look at the queue comes before, unless the last
 * one was made a moment ago and the claims since have all found as much as they asked for: keys and
 * age matter little then, and a busy queue is not looked at for every claim.
 */
final class Claims {

  private static final Duration FRESH = Duration.ofMillis(250);

  /** A busy queue without limits and keys, as it was looked at. */
  private record Busy(List<Band.Range> ranges, @Nullable String now, long nanos) {

    boolean isFresh(Session session) {
      return Objects.equals(now, session.now()) && System.nanoTime() - nanos < FRESH.toNanos();
    }
  }

  private final Dialect dialect;
  private final Map<String, Busy> busy = new ConcurrentHashMap<>();

  Claims(Dialect dialect) {
    this.dialect = dialect;
  }

  /** The queue has got jobs with keys. */
  void forget(String queue) {
    busy.remove(queue);
  }

  /** Whether {@link #claimFromBusy} is worth a try. */
  boolean isBusy(String queue) {
    return busy.containsKey(queue);
  }

  /**
   * Claims without a look, if the last one is fresh: a single statement. When that finds less than
   * was asked for, the next claim looks first.
   */
  List<JobRows.Leased> claimFromBusy(Session session, Claim claim, long token) {
    Busy known = busy.get(claim.queue());
    List<JobRows.Leased> leased =
        known != null && known.isFresh(session)
            ? dialect.claim(session, claim, known.ranges(), token)
            : List.of();
    if (leased.size() < claim.limit()) {
      busy.remove(claim.queue());
    }
    return leased;
  }

  List<JobRows.Leased> claim(Session session, Claim claim, long token) {
    QueueLook look = QueueLook.at(session, claim.queue());
    if (!look.hasDueJobs()) {
      return List.of();
    }
    return look.isFreeForAll()
        ? freely(session, claim, look, token)
        : Turns.claim(session, dialect, claim, look, token);
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
    return look.isFreeForAll() || !look.hasDueJobs()
        ? look.untilNextDue()
        : Turns.untilNext(session, dialect, queue, look);
  }
}
