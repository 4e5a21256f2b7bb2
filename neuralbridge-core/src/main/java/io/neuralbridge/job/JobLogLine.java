package io.neuralbridge.job;

import java.time.Instant;
import org.slf4j.event.Level;

/**
 * A line of a job's log.
 *
 * @param attempt the attempt that wrote it
 * @param at when, by the store's clock
 * @param text at most 1,000 characters; the rest is cut off
 */
public record JobLogLine(int attempt, Instant at, Level level, String text) {

  private static final int MAX_TEXT = 1_000;

  public JobLogLine {
    text = BoundedText.of(text, MAX_TEXT);
  }
}
