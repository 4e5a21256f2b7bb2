package io.neuralbridge.worker;

import java.time.Duration;

/**
 * When a chunk is complete. Defaults: 100 jobs, or one second.
 *
 * @param most how many jobs at most, 1 to 1,000
 * @param longest how long the first job waits for others, at most 1 minute: waiting jobs are leased
 *     already
 */
public record ChunkLimits(int most, Duration longest) {

  private static final Duration LONGEST = Duration.ofMinutes(1);

  public ChunkLimits {
    if (most < 1 || most > 1_000) {
      throw new IllegalArgumentException("a chunk must have 1 to 1,000 jobs: " + most);
    }
    if (longest.isNegative() || longest.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("a chunk must be gathered in 0 to 60 seconds: " + longest);
    }
  }

  public static ChunkLimits defaults() {
    return new ChunkLimits(100, Duration.ofSeconds(1));
  }
}
