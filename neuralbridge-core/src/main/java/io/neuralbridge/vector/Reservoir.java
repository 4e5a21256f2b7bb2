package io.neuralbridge.vector;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A sample of a stream of unknown length, in which each element is as likely as any other. */
final class Reservoir<T> {
  private final int capacity;
  private final Random random;
  private final List<T> kept = new ArrayList<>();
  private long offered;

  Reservoir(int capacity, Random random) {
    this.capacity = capacity;
    this.random = random;
  }

  /** What has no place: the element itself or the one it replaces; {@code null} if all have. */
  @Nullable T offer(T element) {
    offered++;
    if (kept.size() < capacity) {
      kept.add(element);
      return null;
    }
    // As exact as a double is, which is enough for more elements than a disk holds.
    long place = (long) (random.nextDouble() * offered);
    return place < capacity ? kept.set((int) place, element) : element;
  }

  List<T> kept() {
    return kept;
  }
}
