package io.neuralbridge.worker;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobClient;
import io.neuralbridge.job.TraceContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.event.Level;

/** One run of a job, as its worker sees it. Safe for use by many threads. */
public interface JobContext<A> {

  /** The job as it was claimed. */
  Job job();

  /**
   * Its arguments.
   *
   * @throws io.neuralbridge.job.JobException if what is stored cannot be read; a worker is not
   *     called then, but the interceptors around it are
   */
  A args();

  /** The client of its store: to enqueue more jobs, or to read what others have done. */
  JobClient client();

  /**
   * The place in a distributed trace at which the job was enqueued; empty if there was none. During
   * the run it stands in the logging context too, as {@code traceparent} and {@code tracestate}. An
   * interceptor may begin a span under it.
   */
  Optional<TraceContext> trace();

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
   * Says how far the job is. Cheap, from any thread: the last word of about a second is stored, and
   * once more at the end of the run.
   *
   * @param fraction 0 to 1
   * @param message what it is doing, at most 1,000 characters
   * @throws IllegalArgumentException if {@code fraction} is out of range
   */
  void progress(double fraction, String message);

  /**
   * Writes a line to the job's own log, which is kept with the job. Cheap, from any thread: lines
   * are stored about once a second and at the end of the run. The last {@value
   * io.neuralbridge.job.JobLog#MAX_LINES} of a job are kept, 1,000 characters of each.
   */
  void log(Level level, String line);

  /** The same, at level INFO. */
  default void log(String line) {
    log(Level.INFO, line);
  }

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
