package io.neuralbridge.event;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Outcome;
import java.time.Duration;
import java.util.List;

/** Something that happened to a job on this node. */
public sealed interface JobEvent {

  /** The job as it was before the event. */
  Job job();

  /** A worker begins to run it. */
  record Started(Job job) implements JobEvent {}

  /**
   * Its outcome is stored.
   *
   * @param outcome how the run ended
   * @param state where the job stands now
   * @param ran how long the worker took
   */
  record Settled(Job job, Outcome outcome, JobState state, Duration ran) implements JobEvent {}

  /**
   * Its run ignored its interruption beyond the grace. The job was settled without it and its slot
   * given to another, but its thread is still busy: a worker to be mended.
   *
   * @param thread the thread's name
   * @param trace where it was
   */
  record Stuck(Job job, String thread, List<StackTraceElement> trace) implements JobEvent {
    public Stuck {
      trace = List.copyOf(trace);
    }
  }

  /** Its outcome came too late and was refused: the job has another lease, or none. */
  record Refused(Job job, Outcome outcome) implements JobEvent {}

  /**
   * It was freed from a dead node by this one.
   *
   * @param job as it stands after the rescue
   */
  record Rescued(Job job) implements JobEvent {}
}
