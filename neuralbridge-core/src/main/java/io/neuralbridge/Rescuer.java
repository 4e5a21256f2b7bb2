package io.neuralbridge;

import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.Job;
import io.neuralbridge.queue.Queue;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frees the jobs of dead nodes. Every node does it: whoever comes first frees, the others find
 * nothing.
 *
 * <p>When the store did not answer for as long as a heartbeat may be late, or not at all since this
 * node began, all nodes may be late: before it judges, it gives those that live one lease time to
 * say so.
 */
final class Rescuer {

  private static final Logger log = LoggerFactory.getLogger(Rescuer.class);
  private static final long NO_JOB = 0;

  private final Queue queue;
  private final Settings settings;
  private final Events events;
  private final LongSupplier nanos;
  private boolean begun;
  private boolean answered;
  private long lastAnswer;
  private long judgeFrom;

  /**
   * @param nanos elapsed time, from any origin
   */
  Rescuer(Queue queue, Settings settings, Events events, LongSupplier nanos) {
    this.queue = queue;
    this.settings = settings;
    this.events = events;
    this.nanos = nanos;
  }

  Duration round() {
    long now = nanos.getAsLong();
    if (!begun) {
      begun = true;
      lastAnswer = now;
      judgeFrom = now;
    } else if (!answered || now - lastAnswer > settings.nodesMayBeLateAfter().toNanos()) {
      judgeFrom = now + settings.nodeTimeToLive().toNanos();
    }
    if (now - judgeFrom < 0) {
      queue.find(NO_JOB);
    } else {
      rescue();
    }
    answered = true;
    lastAnswer = now;
    return settings.heartbeatInterval();
  }

  private void rescue() {
    for (Job job : queue.rescue(settings.maxCrashes())) {
      log.warn(
          "Job {} ({}) lost its node and is {} now, crash {} of {}",
          job.id(),
          job.kind(),
          job.state(),
          job.crashes(),
          settings.maxCrashes());
      events.publish(new JobEvent.Rescued(job));
    }
  }
}
