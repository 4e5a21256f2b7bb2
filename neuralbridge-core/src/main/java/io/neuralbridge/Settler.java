package io.neuralbridge;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Transition;
import java.time.Duration;
import java.time.Instant;

/** From an outcome to a transition: pure functions, no I/O. */
final class Settler {

  private Settler() {}

  /**
   * @param random 0 inclusive to 1 exclusive, for the retry's jitter
   */
  static Transition settle(
      Lease lease, Outcome outcome, Recoverer recoverer, Instant now, double random) {
    Job job = lease.job();
    if (outcome instanceof Outcome.Completed completed) {
      return completed(lease, completed, now);
    }
    if (outcome instanceof Outcome.Snoozed snoozed) {
      return new Transition.Back(job.id(), lease.token(), snoozed.delay(), true, null);
    }
    if (outcome instanceof Outcome.Cancelled cancelled) {
      JobError reason = JobError.of(job.attempt(), now, "cancelled", cancelled.reason());
      return new Transition.Finish(job.id(), lease.token(), JobState.CANCELLED, null, reason);
    }
    Throwable cause = ((Outcome.Failed) outcome).cause();
    return recovered(
        lease, recoverer.recover(job, cause, random), JobError.of(job.attempt(), now, cause));
  }

  /**
   * A job that no worker here knows: it waits for a node that does, visibly, and loses no attempt.
   */
  static Transition parked(Lease lease, Duration delay, Instant now) {
    Job job = lease.job();
    String message =
        "no worker for kind '%s' is registered on the node that claimed it; register one, or cancel the job"
            .formatted(job.kind());
    return parked(lease, delay, JobError.of(job.attempt(), now, "unknown_kind", message));
  }

  /** A job whose arguments cannot be read here: the next deploy may bring a worker or a key. */
  static Transition parked(Lease lease, Duration delay, JobError reason) {
    return new Transition.Back(lease.job().id(), lease.token(), delay, true, reason);
  }

  /** A job that was not done by its deadline: nobody needs it any more. */
  static Transition expired(Lease lease, String message, Instant now) {
    Job job = lease.job();
    JobError reason = JobError.of(job.attempt(), now, "deadline_exceeded", message);
    return new Transition.Finish(job.id(), lease.token(), JobState.CANCELLED, null, reason);
  }

  /**
   * A job that was interrupted because its node shuts down: it runs elsewhere at once, and loses
   * neither its place nor an attempt.
   */
  static Transition handedBack(Lease lease) {
    return Transition.Back.inPlace(lease.job().id(), lease.token(), null);
  }

  /** A job that has not begun and waits a moment more, here or elsewhere. */
  static Transition putOff(Lease lease, Duration delay) {
    return new Transition.Back(lease.job().id(), lease.token(), delay, true, null);
  }

  private static Transition completed(Lease lease, Outcome.Completed completed, Instant now) {
    Job job = lease.job();
    try {
      String result = Results.toJson(completed.result());
      return new Transition.Finish(job.id(), lease.token(), JobState.COMPLETED, result, null);
    } catch (RuntimeException | Error e) {
      // The work is done; running it again because its result cannot be kept would do it twice.
      JobError error = JobError.of(job.attempt(), now, e);
      return new Transition.Finish(job.id(), lease.token(), JobState.COMPLETED, null, error);
    }
  }

  private static Transition recovered(Lease lease, Recoverer.Decision decision, JobError error) {
    long id = lease.job().id();
    if (decision instanceof Recoverer.Again again) {
      return new Transition.Back(id, lease.token(), again.delay(), again.refund(), error);
    }
    Recoverer.Never never = (Recoverer.Never) decision;
    JobError explained = never.reason() == null ? error : error.because(never.reason());
    return new Transition.Finish(id, lease.token(), never.state(), null, explained);
  }
}
