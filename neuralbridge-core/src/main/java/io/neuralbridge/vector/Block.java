package io.neuralbridge.vector;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Vectors of length 1 side by side in one array, in the order in which they came. Written by one
 * thread at a time; read by any, as far as their snapshot covers.
 */
final class Block {
  private static final long NEVER = Long.MAX_VALUE;

  private final int dimensions;
  private final float[] vectors;
  private final Entry[] entries;
  private final AtomicLongArray endedBy;
  private int used;
  private int live;

  /** A record without its vector. */
  record Entry(String id, Map<String, String> metadata) {}

  Block(int capacity, int dimensions) {
    this.dimensions = dimensions;
    vectors = new float[Math.multiplyExact(capacity, dimensions)];
    entries = new Entry[capacity];
    endedBy = new AtomicLongArray(capacity);
  }

  /** Copies {@code dimensions} numbers from an offset of an array; returns their index here. */
  int append(Entry entry, float[] source, int offset) {
    int index = used++;
    live++;
    System.arraycopy(source, offset, vectors, index * dimensions, dimensions);
    entries[index] = entry;
    endedBy.setPlain(index, NEVER);
    return index;
  }

  /** Ends a record; snapshots from before the change still show it. */
  void end(int index, long change) {
    endedBy.setOpaque(index, change);
    live--;
  }

  /** Appends what lives at the change to another place, in order. */
  void moveTo(Destination destination, long change) {
    for (int i = 0; i < used; i++) {
      if (isLive(i, change)) {
        destination.append(entries[i], vectors, i * dimensions);
      }
    }
  }

  /** Takes records in. */
  interface Destination {
    void append(Entry entry, float[] source, int offset);
  }

  boolean isLive(int index, long change) {
    return endedBy.getOpaque(index) > change;
  }

  float similarity(int index, float[] unitQuery) {
    return Vectors.dot(vectors, index * dimensions, unitQuery);
  }

  Entry entry(int index) {
    return entries[index];
  }

  int capacity() {
    return entries.length;
  }

  int used() {
    return used;
  }

  boolean isFull() {
    return used == entries.length;
  }

  /** Whether so little is left that the block's space is worth giving back. */
  boolean isSparse() {
    return isFull() && live * 2 <= used;
  }
}
