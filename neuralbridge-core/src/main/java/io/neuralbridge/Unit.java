package io.neuralbridge;

import io.neuralbridge.queue.Lease;
import java.util.List;

/**
 * What takes one slot: a job, or the jobs of a chunk.
 *
 * @param bytes what memory it needs, by estimate
 */
record Unit(List<Lease> leases, long bytes) {

  Unit {
    leases = List.copyOf(leases);
  }
}
