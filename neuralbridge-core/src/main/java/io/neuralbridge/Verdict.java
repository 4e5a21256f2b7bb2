package io.neuralbridge;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.queue.Transition;
import io.neuralbridge.retry.RecoveryRule;
import io.neuralbridge.worker.JobTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of a job after its run: the outcome that counts, and the transition after it. */
final class Verdict {

  private static final Logger log = LoggerFactory.getLogger(Verdict.class);
  private static final Duration PARKED = Duration.ofMinutes(1);

  private final List<RecoveryRule> rules;

  Verdict(List<RecoveryRule> rules) {
    this.rules = List.copyOf(rules);
  }

  Completer.Ended cancelled(Run run) {
    return settled(run, Outcome.cancelled("cancelled by request"));
  }

  Completer.Ended unknownKind(Run run) {
    Job job = run.job();
    log.warn("No worker for kind '{}': job {} waits for a node that has one", job.kind(), job.id());
    Transition transition = Settler.parked(run.lease(), PARKED, run.now());
    return ended(run, Outcome.snoozed(PARKED), transition);
  }

  Completer.Ended expired(Run run) {
    String message =
        "its deadline, %s, passed %s"
            .formatted(
                run.job().spec().deadline(),
                run.ran().isZero() ? "before it was begun" : "while it ran");
    log.info("Job {} ({}) is cancelled: {}", run.job().id(), run.job().kind(), message);
    Transition transition = Settler.expired(run.lease(), message, run.now());
    return ended(run, Outcome.cancelled(message), transition);
  }

  /**
   * Work that is done is done, however late. What was left undone ends as those wished who stopped
   * it.
   *
   * @param said what the worker said or threw
   */
  Completer.Ended of(Run run, Outcome said) {
    Throwable unreadable = run.unreadable();
    if (unreadable != null && said instanceof Outcome.Failed) {
      return parked(run, said, unreadable);
    }
    boolean undone = said instanceof Outcome.Failed || said instanceof Outcome.Snoozed;
    if (!undone) {
      return settled(run, said);
    }
    return switch (run.stop()) {
      case NONE -> settled(run, said);
      case CANCELLED -> cancelled(run);
      case EXPIRED -> expired(run);
      case TIMED_OUT -> settled(run, Outcome.failed(timedOut(run, said)));
      case LEASE_LOST, SHUTDOWN ->
          said instanceof Outcome.Failed
              ? ended(run, said, Settler.handedBack(run.lease()))
              : settled(run, said);
    };
  }

  private static Completer.Ended parked(Run run, Outcome said, Throwable unreadable) {
    JobError reason = JobError.of(run.job().attempt(), run.now(), unreadable);
    return ended(run, said, Settler.parked(run.lease(), PARKED, reason));
  }

  private static JobTimeoutException timedOut(Run run, Outcome said) {
    String message =
        "it was interrupted at its timeout of %s, after %d ms"
            .formatted(run.options().timeout(), run.ran().toMillis());
    return said instanceof Outcome.Failed failed
        ? new JobTimeoutException(message, failed.cause())
        : new JobTimeoutException(message);
  }

  private Completer.Ended settled(Run run, Outcome outcome) {
    double random = ThreadLocalRandom.current().nextDouble();
    Recoverer recoverer = new Recoverer(rules, run.options().retryPolicy());
    Transition transition = Settler.settle(run.lease(), outcome, recoverer, run.now(), random);
    return ended(run, outcome, transition);
  }

  private static Completer.Ended ended(Run run, Outcome outcome, Transition transition) {
    return new Completer.Ended(run.lease(), outcome, transition, run.ran());
  }
}
