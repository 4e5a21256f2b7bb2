package io.neuralbridge.vector;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Vectors of length 1, one array a dimension, in the order in which they came. Written by one
 * thread at a time; read by any, as far as their snapshot covers.
 *
 * <p>The layout is what makes the scan fast: a column times a number, added to the scores, is a
 * loop that the JIT compiler turns into vector instructions by itself. Sums within one vector it
 * may not reorder, and does not.
 */
final class Block {
  private static final long NEVER = Long.MAX_VALUE;

  private final int dimensions;
  private final float[][] columns;
  private final Entry[] entries;
  private final AtomicLongArray endedBy;
  private int used;
  private int live;

  /** A record without its vector. */
  record Entry(String id, Map<String, String> metadata) {}

  Block(int capacity, int dimensions) {
    this.dimensions = dimensions;
    columns = new float[dimensions][capacity];
    entries = new Entry[capacity];
    endedBy = new AtomicLongArray(capacity);
  }

  /** Copies a vector of length 1; returns its index here. */
  int append(Entry entry, float[] unit) {
    int index = used++;
    live++;
    for (int i = 0; i < dimensions; i++) {
      columns[i][index] = unit[i];
    }
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
        destination.append(entries[i], vector(i));
      }
    }
  }

  /** Takes records in. */
  interface Destination {
    void append(Entry entry, float[] unit);
  }

  boolean isLive(int index, long change) {
    return endedBy.getOpaque(index) > change;
  }

  /** Writes the dot products of the first {@code count} vectors with a query to {@code scores}. */
  void score(float[] unitQuery, int count, float[] scores) {
    Arrays.fill(scores, 0, count, 0);
    int i = 0;
    for (; i + 4 <= dimensions; i += 4) {
      Columns.addFour(scores, count, columns, unitQuery, i);
    }
    for (; i < dimensions; i++) {
      Columns.addOne(scores, count, columns[i], unitQuery[i]);
    }
  }

  private float[] vector(int index) {
    float[] vector = new float[dimensions];
    for (int i = 0; i < dimensions; i++) {
      vector[i] = columns[i][index];
    }
    return vector;
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
