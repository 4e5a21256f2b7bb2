package io.neuralbridge;

import io.neuralbridge.event.JobEvent;
import io.neuralbridge.event.JobListener;
import io.neuralbridge.job.Job;
import io.neuralbridge.queue.Queue;
import io.neuralbridge.queue.Staged;
import java.time.Duration;

/**
 * Moves on the jobs that wait for others. Every node does it: whoever comes first does, the others
 * find nothing. It looks at once when a job ended here that others wait for, and every now and then
 * for those that ended elsewhere.
 */
final class Stager implements JobListener {

  private static final int LIMIT = 1_000;

  private final Queue queue;
  private final Duration pollInterval;
  private final Runnable wakeProducers;
  private final Loop loop = new Loop("stager", this::round);

  Stager(Queue queue, Duration pollInterval, Runnable wakeProducers) {
    this.queue = queue;
    this.pollInterval = pollInterval;
    this.wakeProducers = wakeProducers;
  }

  Loop loop() {
    return loop;
  }

  /** There may be something to do. */
  void wake() {
    loop.wake();
  }

  @Override
  public void onEvent(JobEvent event) {
    if (event instanceof JobEvent.Settled settled) {
      wakeFor(settled.job(), settled.state().isFinal());
    } else if (event instanceof JobEvent.Rescued rescued) {
      wakeFor(rescued.job(), rescued.job().state().isFinal());
    }
  }

  private void wakeFor(Job job, boolean isFinal) {
    if (isFinal && (job.needed() || job.flowId() != null)) {
      wake();
    }
  }

  private Duration round() {
    Staged staged = queue.stage(LIMIT);
    if (staged.moved() > 0) {
      wakeProducers.run();
    }
    return staged.more() ? Duration.ZERO : pollInterval;
  }
}
