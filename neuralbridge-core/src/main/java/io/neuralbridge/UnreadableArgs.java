package io.neuralbridge;

import io.neuralbridge.job.Job;
import io.neuralbridge.worker.Worker;

/**
 * The stored arguments of a job are not what its worker here reads: of an older version perhaps, or
 * of a newer one. The job has not failed, for it was not run.
 */
final class UnreadableArgs extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final Throwable reason;

  private UnreadableArgs(Throwable reason) {
    super(reason.getMessage(), reason);
    this.reason = reason;
  }

  Throwable reason() {
    return reason;
  }

  /** The arguments of a job for its worker. */
  static <A> A read(Worker<A> worker, Job job) {
    try {
      return worker.type().decode(job.spec().args());
    } catch (RuntimeException | Error e) {
      throw new UnreadableArgs(e);
    }
  }
}
