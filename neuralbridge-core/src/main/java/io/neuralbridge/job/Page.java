package io.neuralbridge.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a listing.
 *
 * @param items may be fewer than were asked for, even none, while there are more: a page looks at a
 *     bounded number of jobs, so that a filter that few meet costs no more than another
 * @param next where the next page goes on; null if there is nothing more
 */
public record Page<T>(List<T> items, @Nullable JobCursor next) {

  public Page {
    items = List.copyOf(items);
  }
}
