package io.neuralbridge.schedule;

import io.neuralbridge.job.JobRequest;
import io.neuralbridge.job.JobSpec;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Names;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.job.Ties;
import io.neuralbridge.job.UniqueKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A job that recurs: what to run, when, and what to do about times that were missed or overlap.
 * Immutable; every {@code with…} returns a changed copy. Defaults: {@link MisfirePolicy#ONCE},
 * {@link OverlapPolicy#ALLOW}.
 *
 * <p>Every job of it carries its name and its planned time in its meta, under {@link #NAME_KEY} and
 * {@link #PLANNED_KEY}.
 *
 * @param name unique in a store; 1 to 100 letters, digits and {@code _ . : -}
 * @param job what each planned time inserts; says nothing of when, has room in its meta for two
 *     more keys, and if it is unique lets go of its key when it is final, or after a period
 */
public record Recurring(
    String name, Schedule schedule, NewJob job, MisfirePolicy misfire, OverlapPolicy overlap) {

  /** The meta key of the entry's name. */
  public static final String NAME_KEY = "nb.schedule";

  /** The meta key of the planned time, an ISO instant. */
  public static final String PLANNED_KEY = "nb.planned";

  private static final Instant LONG_INSTANT = Instant.parse("9999-12-31T23:59:59.999999Z");

  public Recurring {
    Names.require("entry", name);
    requireNoTime(name, job);
    requireNoTies(name, job);
    requireRoom(name, job.spec());
    requireShortHold(name, job.unique());
    if (misfire.rule() == MisfirePolicy.Rule.ALL && overlap == OverlapPolicy.SKIP) {
      throw new IllegalArgumentException(
          "entry '%s' cannot make up for ALL missed times at once and SKIP those that overlap; use ONCE or ALLOW"
              .formatted(name));
    }
  }

  /**
   * A recurring job with the default policies.
   *
   * @throws IllegalArgumentException if the request says itself when to run, or until when
   */
  public static Recurring of(String name, Schedule schedule, JobRequest<?> request) {
    return new Recurring(
        name, schedule, request.toNewJob(), MisfirePolicy.ONCE, OverlapPolicy.ALLOW);
  }

  private static void requireNoTies(String name, NewJob job) {
    if (!job.ties().equals(Ties.NONE)) {
      throw new IllegalArgumentException(
          "the job of entry '%s' is tied to others; let it enqueue the workflow, batch or chain itself"
              .formatted(name));
    }
  }

  private static void requireNoTime(String name, NewJob job) {
    if (job.runAt() != null || !job.delay().isZero()) {
      throw new IllegalArgumentException(
          "entry '%s': its schedule says when its jobs run; take the %s off the request"
              .formatted(name, job.runAt() == null ? "delay" : "instant"));
    }
    if (job.spec().deadline() != null) {
      throw new IllegalArgumentException(
          "entry '%s': a deadline is one instant, after which no job of it would run; limit how late they start by its misfire policy's startingWithin instead"
              .formatted(name));
    }
  }

  private static void requireShortHold(String name, @Nullable UniqueKey unique) {
    if (unique != null && unique.period() == null && unique.scope().covers(JobState.COMPLETED)) {
      throw new IllegalArgumentException(
          "entry '%s': a unique key that is held until its job is pruned (%s) would keep out the jobs after the first; use during(INCOMPLETE), or within a period"
              .formatted(name, unique.scope()));
    }
  }

  private static void requireRoom(String name, JobSpec job) {
    if (job.meta().containsKey(NAME_KEY) || job.meta().containsKey(PLANNED_KEY)) {
      throw new IllegalArgumentException(
          "entry '%s': the meta keys %s and %s are set for each job; take them off the request"
              .formatted(name, NAME_KEY, PLANNED_KEY));
    }
    try {
      stamped(name, job, LONG_INSTANT);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "entry '%s': with %s and %s added, %s"
              .formatted(name, NAME_KEY, PLANNED_KEY, e.getMessage()),
          e);
    }
  }

  private static JobSpec stamped(String name, JobSpec job, Instant planned) {
    Map<String, String> meta = new HashMap<>(job.meta());
    meta.put(NAME_KEY, name);
    meta.put(PLANNED_KEY, planned.toString());
    return job.withMeta(meta);
  }

  public Recurring withSchedule(Schedule schedule) {
    return new Recurring(name, schedule, job, misfire, overlap);
  }

  /** Replaces the job; the request must not say when to run. */
  public Recurring withJob(JobRequest<?> request) {
    return new Recurring(name, schedule, request.toNewJob(), misfire, overlap);
  }

  public Recurring withMisfire(MisfirePolicy misfire) {
    return new Recurring(name, schedule, job, misfire, overlap);
  }

  public Recurring withOverlap(OverlapPolicy overlap) {
    return new Recurring(name, schedule, job, misfire, overlap);
  }

  /** The job of one planned time, due since then. For stores. */
  public NewJob jobAt(Instant planned) {
    return new NewJob(
        stamped(name, job.spec(), planned), Duration.ZERO, planned, job.unique(), job.ties());
  }

  /** The planned time of a job that an entry inserted; empty for any other. */
  public static Optional<Instant> plannedAt(JobSpec job) {
    return Optional.ofNullable(job.meta().get(PLANNED_KEY)).map(Instant::parse);
  }
}
