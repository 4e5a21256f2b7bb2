package io.neuralbridge.queue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Leases on duties, for the bridges of one process. */
final class InMemoryLeadership implements Leadership {

  private record Reign(Term term, Instant expiresAt) {}

  private final InstantSource clock;
  private final Map<String, Reign> reigns = new HashMap<>();

  InMemoryLeadership(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public synchronized Optional<Term> elect(String duty, long node, Duration timeToLive) {
    Instant now = clock.instant();
    Optional<Term> current = current(duty);
    if (current.isPresent() && current.get().node() != node) {
      return Optional.empty();
    }
    Term term = current.orElseGet(() -> new Term(duty, node, lastNumber(duty) + 1));
    reigns.put(duty, new Reign(term, now.plus(timeToLive)));
    return Optional.of(term);
  }

  @Override
  public synchronized void resign(Term term) {
    reigns.computeIfPresent(
        term.duty(),
        (duty, reign) -> reign.term().equals(term) ? new Reign(term, Instant.MIN) : reign);
  }

  @Override
  public synchronized Optional<Term> current(String duty) {
    Instant now = clock.instant();
    return Optional.ofNullable(reigns.get(duty))
        .filter(reign -> reign.expiresAt().isAfter(now))
        .map(Reign::term);
  }

  private long lastNumber(String duty) {
    Reign last = reigns.get(duty);
    return last == null ? 0 : last.term().number();
  }
}
