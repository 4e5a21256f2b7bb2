package io.neuralbridge;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Transition;
import io.neuralbridge.retry.RecoveryRule;
import io.neuralbridge.retry.RetryPolicy;
import io.neuralbridge.worker.Worker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of a job after its run: the outcome that counts, and the transition after it. */
final class Verdict {

  static final Outcome CANCELLED = Outcome.cancelled("cancelled by request");

  private static final Logger log = LoggerFactory.getLogger(Verdict.class);
  private static final Duration PARKED = Duration.ofMinutes(1);

  private final List<RecoveryRule> rules;
  private final InstantSource clock;

  Verdict(List<RecoveryRule> rules, InstantSource clock) {
    this.rules = List.copyOf(rules);
    this.clock = clock;
  }

  Completer.Ended unknownKind(Run run) {
    Job job = run.job();
    log.warn("No worker for kind '{}': job {} waits for a node that has one", job.kind(), job.id());
    Transition transition = Settler.parked(run.lease(), PARKED, clock.instant());
    return new Completer.Ended(run.lease(), Outcome.snoozed(PARKED), transition, Duration.ZERO);
  }

  /**
   * @param said what the worker said or threw
   */
  Completer.Ended of(Run run, Worker<?> worker, Outcome said, Duration ran) {
    Outcome outcome = counting(run, said);
    return new Completer.Ended(run.lease(), outcome, transition(run, worker, outcome), ran);
  }

  // Work that is done is done, however late; what was left undone ends as those wished who stopped
  // it.
  private static Outcome counting(Run run, Outcome said) {
    boolean undone = said instanceof Outcome.Failed || said instanceof Outcome.Snoozed;
    return undone && run.stop() == Run.Stop.CANCELLED ? CANCELLED : said;
  }

  private Transition transition(Run run, Worker<?> worker, Outcome outcome) {
    Lease lease = run.lease();
    if (run.stop() != Run.Stop.NONE && outcome instanceof Outcome.Failed) {
      return Settler.handedBack(lease);
    }
    double random = ThreadLocalRandom.current().nextDouble();
    try {
      Recoverer recoverer = new Recoverer(rules, worker.options().retryPolicy());
      return Settler.settle(lease, outcome, recoverer, clock.instant(), random);
    } catch (RuntimeException | Error e) {
      // The options are the host's code too, and a job that nobody settles would never end.
      Recoverer recoverer = new Recoverer(List.of(), RetryPolicy.defaults());
      return Settler.settle(lease, Outcome.failed(e), recoverer, clock.instant(), random);
    }
  }
}
