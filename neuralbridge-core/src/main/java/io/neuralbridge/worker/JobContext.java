package io.neuralbridge.worker;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** One run of a job, as its worker sees it. Safe for use by many threads. */
public interface JobContext<A> {

  /** The job as it was claimed. */
  Job job();

  /** Its arguments. */
  A args();

  /** The client of its store: to enqueue more jobs, or to read what others have done. */
  JobClient client();

  /**
   * Whether the run should end soon: the job was cancelled, its time is up, its lease was lost, or
   * the node shuts down. The thread is interrupted too; a worker that does not block asks here
   * between steps.
   */
  boolean isCancelled();

  /**
   * When the run is interrupted, by the store's clock: at the end of its worker's {@linkplain
   * WorkerOptions#timeout() timeout} or at the job's deadline, whichever is first; empty if there
   * is neither.
   */
  Optional<Instant> deadline();

  /**
   * How long until {@link #deadline()}, for the timeouts of what the worker calls; zero when it has
   * passed, empty if there is none.
   */
  Optional<Duration> remaining();

  /**
   * Ends the run if it {@linkplain #isCancelled() should end}.
   *
   * @throws InterruptedException if so
   */
  default void checkCancelled() throws InterruptedException {
    if (isCancelled()) {
      throw new InterruptedException("job %d was asked to stop".formatted(job().id()));
    }
  }
}
