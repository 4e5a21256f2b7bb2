package io.neuralbridge.embedding;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of an {@link EmbeddingCache} may go: those that meet all that is said.
 *
 * @param modelId of this model; null for any
 * @param olderThan added longer ago than this; null for any age
 * @param unusedFor neither added nor read for this long, which is known to the day; null for any
 */
public record EmbeddingCachePruning(
    @Nullable String modelId, @Nullable Duration olderThan, @Nullable Duration unusedFor) {

  public EmbeddingCachePruning {
    requireNotNegative("olderThan", olderThan);
    requireNotNegative("unusedFor", unusedFor);
  }

  /** Everything of a model, such as one that is retired. */
  public static EmbeddingCachePruning ofModel(String modelId) {
    return new EmbeddingCachePruning(modelId, null, null);
  }

  /** What was added longer ago than {@code age}. */
  public static EmbeddingCachePruning olderThan(Duration age) {
    return new EmbeddingCachePruning(null, age, null);
  }

  /** What was neither added nor read for {@code time}, which is known to the day. */
  public static EmbeddingCachePruning unusedFor(Duration time) {
    return new EmbeddingCachePruning(null, null, time);
  }

  private static void requireNotNegative(String name, @Nullable Duration duration) {
    if (duration != null && duration.isNegative()) {
      throw new IllegalArgumentException(name + " must not be negative: " + duration);
    }
  }
}
