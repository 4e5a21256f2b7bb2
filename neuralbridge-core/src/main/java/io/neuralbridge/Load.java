package io.neuralbridge;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What of a queue runs on this node, whichever of its producers began it.
 *
 * @param units how many slots are taken or waited for
 */
record Load(AtomicInteger units, MemoryBudget memory) {

  Load() {
    this(new AtomicInteger(), new MemoryBudget());
  }
}
