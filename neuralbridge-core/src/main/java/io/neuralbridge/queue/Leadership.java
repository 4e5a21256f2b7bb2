package io.neuralbridge.queue;

import java.time.Duration;
import java.util.Optional;

/**
 * Leases on duties that one node should do for all, such as pruning. Part of the SPI of {@link
 * Queue}. A lease runs out by the store's clock.
 *
 * <p>A leader that stops for a while does not notice in time that it leads no more, so two may act
 * for a moment. A duty must stay correct then; being led only saves the others the work.
 */
public interface Leadership {

  /**
   * Makes a node the leader of a duty, or lets it lead on in the same term. It is not if another
   * node leads.
   *
   * @param duty a name
   * @param node the id that {@link Queue#join} gave
   * @param timeToLive how long it leads unless it is elected again
   * @return its term; empty if another leads
   */
  Optional<Term> elect(String duty, long node, Duration timeToLive);

  /** Ends a term, so that another node may be elected at once. Does nothing if it is over. */
  void resign(Term term);

  /** The present term of a duty; empty if nobody leads. */
  Optional<Term> current(String duty);
}
