package io.neuralbridge.embedding;

import java.time.Duration;
import java.time.Instant;

/** The time that a pipeline waits by. Safe for use by many threads. */
interface PipelineTime extends AutoCloseable {

  Instant now();

  /** Elapsed time; only differences mean anything. */
  long nanos();

  /** Runs a short task later, or never if this is closed before. */
  void after(Duration delay, Runnable task);

  @Override
  void close();

  static PipelineTime system() {
    return new SystemTime();
  }
}
