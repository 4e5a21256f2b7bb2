package io.neuralbridge;

import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.Job;
import io.neuralbridge.queue.Queue;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frees the jobs of dead nodes. Every node does it: whoever comes first frees, the others find
 * nothing.
 *
 * <p>After a gap of its own it lets one lease time pass before it judges: when the store was away,
 * all nodes are late, and those that live need a moment to say so.
 */
final class Rescuer {

  private static final Logger log = LoggerFactory.getLogger(Rescuer.class);

  private final Queue queue;
  private final Duration interval;
  private final Duration timeToLive;
  private final int maxCrashes;
  private final Events events;
  private long lastRoundNanos = System.nanoTime();

  Rescuer(Queue queue, Duration interval, Duration timeToLive, int maxCrashes, Events events) {
    this.queue = queue;
    this.interval = interval;
    this.timeToLive = timeToLive;
    this.maxCrashes = maxCrashes;
    this.events = events;
  }

  Duration round() {
    long now = System.nanoTime();
    boolean wasAway = now - lastRoundNanos > interval.multipliedBy(3).plus(timeToLive).toNanos();
    lastRoundNanos = now;
    if (wasAway) {
      queue.counts();
      return timeToLive;
    }
    for (Job job : queue.rescue(maxCrashes)) {
      log.warn(
          "Job {} ({}) lost its node and is {} now, crash {} of {}",
          job.id(),
          job.kind(),
          job.state(),
          job.crashes(),
          maxCrashes);
      events.publish(new JobEvent.Rescued(job));
    }
    return interval;
  }
}
