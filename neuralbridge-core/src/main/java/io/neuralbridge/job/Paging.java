package io.neuralbridge.job;

import org.jspecify.annotations.Nullable;

/**
 * Which part of a listing is wanted. Defaults: the 50 newest.
 *
 * @param size how many jobs at most, 1 to 1,000
 * @param after where to go on: the {@linkplain Page#next end} of the page before; null for the
 *     first page
 */
public record Paging(JobOrder order, int size, @Nullable JobCursor after) {

  public static final int DEFAULT_SIZE = 50;
  public static final int MAX_SIZE = 1_000;

  public Paging {
    if (size < 1 || size > MAX_SIZE) {
      throw new IllegalArgumentException(
          "a page's size must be 1 to %,d: %d".formatted(MAX_SIZE, size));
    }
    if (after != null && after.order() != order) {
      throw new IllegalArgumentException(
          "the cursor %s is of a listing by %s, not by %s; begin anew, or keep the order"
              .formatted(after, after.order(), order));
    }
  }

  /** The first page in an order. */
  public static Paging by(JobOrder order) {
    return new Paging(order, DEFAULT_SIZE, null);
  }

  /** The newest jobs. */
  public static Paging newest(int size) {
    return new Paging(JobOrder.NEWEST, size, null);
  }

  public Paging withSize(int size) {
    return new Paging(order, size, after);
  }

  /** The same, from a place on; null for the first page. */
  public Paging after(@Nullable JobCursor cursor) {
    return new Paging(order, size, cursor);
  }
}
