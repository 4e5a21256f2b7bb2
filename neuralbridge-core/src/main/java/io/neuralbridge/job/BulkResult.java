package io.neuralbridge.job;

/**
 * What a verb did to the jobs of a filter.
 *
 * @param matched how many jobs met the filter
 * @param changed how many of them the verb changed; the others were not in a state for it, or
 *     somebody else was faster
 */
public record BulkResult(long matched, long changed) {

  public static final BulkResult NOTHING = new BulkResult(0, 0);

  /** Both together. */
  public BulkResult plus(BulkResult other) {
    return new BulkResult(matched + other.matched, changed + other.changed);
  }
}
