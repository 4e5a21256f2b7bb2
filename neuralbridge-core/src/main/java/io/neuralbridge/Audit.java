package io.neuralbridge;

import io.neuralbridge.queue.Queue;
import io.neuralbridge.queue.Transition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the leases that the store says this node has with those that it knows of. A claim whose
 * answer got lost is stored all the same; as long as this node lives nobody else would run its
 * jobs. They are handed back.
 *
 * <p>For the heartbeat's thread.
 */
final class Audit {

  private static final Logger log = LoggerFactory.getLogger(Audit.class);

  private final Queue queue;
  private final Executor executor;
  private final Completer completer;
  private final OpenClaims claims;
  private long node = Node.NOT_JOINED;
  private Map<Long, Long> suspects = Map.of();
  private long claimsToAwait;

  Audit(Queue queue, Executor executor, Completer completer, OpenClaims claims) {
    this.queue = queue;
    this.executor = executor;
    this.completer = completer;
    this.claims = claims;
  }

  /**
   * Hands back what was unknown in the last round already, although all claims that were under way
   * then are over.
   *
   * @return whether there was any
   */
  boolean round(long currentNode) {
    if (currentNode != node) {
      node = currentNode;
      suspects = Map.of();
    }
    if (!suspects.isEmpty() && !claims.areOverUpTo(claimsToAwait)) {
      return false;
    }
    Map<Long, Long> unknown = unknownOf(queue.leases(node));
    Map<Long, Long> lost = new HashMap<>(unknown);
    lost.entrySet().retainAll(suspects.entrySet());
    unknown.keySet().removeAll(lost.keySet());
    suspects = unknown;
    claimsToAwait = claims.latest();
    if (!lost.isEmpty()) {
      handBack(lost);
    }
    return !lost.isEmpty();
  }

  // In the order in which a lease goes from one to the other.
  private Map<Long, Long> unknownOf(Map<Long, Long> leases) {
    Map<Long, Long> unknown = new HashMap<>(leases);
    unknown.entrySet().removeIf(lease -> executor.holds(lease.getKey(), lease.getValue()));
    if (!unknown.isEmpty()) {
      unknown.entrySet().removeAll(completer.leases().entrySet());
    }
    return unknown;
  }

  private void handBack(Map<Long, Long> lost) {
    log.warn(
        "{} jobs were leased to this node by a claim whose answer got lost; they are handed back",
        lost.size());
    List<Transition> back =
        lost.entrySet().stream()
            .<Transition>map(
                lease -> Transition.Back.inPlace(lease.getKey(), lease.getValue(), null))
            .toList();
    queue.settle(back);
  }
}
