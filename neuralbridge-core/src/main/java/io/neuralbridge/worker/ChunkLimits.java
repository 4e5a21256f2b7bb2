package io.neuralbridge.worker;

import java.time.Duration;

/**
 * When the jobs of a {@link ChunkWorker} are enough for a call. Defaults: 100 jobs, or one second.
 *
 * @param most how many jobs a call gets at most, 1 to 1,000
 * @param longest how long the first job waits for others, zero to one minute; with zero, a call
 *     gets what was due together. Jobs that wait are leased already, and no other node runs them
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

  public ChunkLimits withMost(int most) {
    return new ChunkLimits(most, longest);
  }

  public ChunkLimits withLongest(Duration longest) {
    return new ChunkLimits(most, longest);
  }
}
