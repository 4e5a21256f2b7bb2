package io.neuralbridge.worker;

import io.neuralbridge.job.Job;
import io.neuralbridge.retry.RetryPolicy;
import java.time.Duration;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * How a worker's jobs are run. Defaults: {@link RetryPolicy#defaults()}, no timeout, no memory to
 * speak of.
 *
 * @param retryPolicy when a failed attempt is followed by another
 * @param timeout how long one run may take before it is interrupted and fails with {@link
 *     JobTimeoutException}, at most 36,500 days; null for as long as it likes
 * @param memory how many bytes of heap a run of a job needs at most, by estimate; what counts
 *     towards the memory budget of its queue
 */
public record WorkerOptions(
    RetryPolicy retryPolicy, @Nullable Duration timeout, ToLongFunction<Job> memory) {

  private static final Duration LONGEST = Duration.ofDays(36_500);

  public WorkerOptions {
    if (timeout != null
        && (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST) > 0)) {
      throw new IllegalArgumentException(
          "a timeout must be positive and at most %d days: %s; leave it out for none"
              .formatted(LONGEST.toDays(), timeout));
    }
  }

  public static WorkerOptions defaults() {
    return new WorkerOptions(RetryPolicy.defaults(), null, job -> 0);
  }

  public WorkerOptions withRetryPolicy(RetryPolicy retryPolicy) {
    return new WorkerOptions(retryPolicy, timeout, memory);
  }

  /**
   * Interrupts each run that takes longer. A worker that ignores the interrupt keeps its thread,
   * but neither its job nor its slot.
   */
  public WorkerOptions withTimeout(Duration timeout) {
    return new WorkerOptions(retryPolicy, timeout, memory);
  }

  /**
   * Says how much memory a run needs, in bytes, so that a queue with a memory budget, {@code
   * QueueOptions.withMemory}, runs no more jobs at once than the heap can hold.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public WorkerOptions withMemory(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException(
          "an estimate of memory must not be negative: %d bytes".formatted(bytes));
    }
    return withMemory(job -> bytes);
  }

  /**
   * The same for each job by itself, from its arguments or tags perhaps. The estimate is made by
   * the thread that claims jobs, so it must be quick. A job whose estimate throws, or is negative,
   * runs alone in a queue that has a budget.
   *
   * <pre>{@code
   * WorkerOptions.defaults().withMemory(job -> 3L * job.spec().args().length())
   * }</pre>
   */
  public WorkerOptions withMemory(ToLongFunction<Job> bytes) {
    return new WorkerOptions(retryPolicy, timeout, bytes);
  }
}
