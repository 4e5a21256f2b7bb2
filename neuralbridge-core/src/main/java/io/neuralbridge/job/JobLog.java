package io.neuralbridge.job;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a job's workers have written, all attempts together.
 *
 * @param dropped how many older lines are kept no more
 * @param lines the last ones, oldest first, at most {@value #MAX_LINES}
 */
public record JobLog(long dropped, List<JobLogLine> lines) {

  /** How many lines of a job are kept. */
  public static final int MAX_LINES = 200;

  public static final JobLog EMPTY = new JobLog(0, List.of());

  public JobLog {
    lines = List.copyOf(lines);
  }

  /**
   * This log and what came after it. The oldest lines make room; where {@code later} has dropped
   * some, everything before them does, so that a log has no holes.
   */
  public JobLog plus(JobLog later) {
    if (later.dropped() > 0) {
      return new JobLog(dropped + lines.size() + later.dropped(), later.lines());
    }
    List<JobLogLine> all = Stream.concat(lines.stream(), later.lines().stream()).toList();
    int surplus = Math.max(0, all.size() - MAX_LINES);
    return new JobLog(dropped + surplus, all.subList(surplus, all.size()));
  }
}
