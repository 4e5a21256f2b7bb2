package io.neuralbridge.schedule;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Queue;
import io.neuralbridge.queue.Transition;
import io.neuralbridge.testing.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** What the contracts of a {@link Scheduler} share: a store at noon, and entries to put into it. */
abstract class SchedulerContract {

  protected static final JobType<String> CLEANUP = JobType.of("cleanup", String.class);
  protected static final Instant NOON = Instant.parse("2026-03-04T12:00:00Z");
  protected static final Schedule HOURLY = CronSchedule.parse("0 * * * *", ZoneOffset.UTC);

  protected final VirtualClock clock = new VirtualClock(NOON);
  protected Queue queue;
  protected Scheduler scheduler;

  /** A scheduler and the queue that its jobs go into. */
  public record Stores(Queue queue, Scheduler scheduler) {}

  /** Empty stores whose time is {@code clock}'s. */
  protected abstract Stores open(InstantSource clock) throws Exception;

  @BeforeEach
  void openStores() throws Exception {
    Stores stores = open(clock);
    queue = stores.queue();
    scheduler = stores.scheduler();
  }

  protected static Recurring hourly(String name) {
    return Recurring.of(name, HOURLY, CLEANUP.request("old"));
  }

  protected static Instant at(String time) {
    return Instant.parse("2026-03-04T" + time + ":00Z");
  }

  protected void advanceTo(Instant instant) {
    clock.advance(Duration.between(clock.instant(), instant));
  }

  protected List<Job> fireAt(Instant instant) {
    advanceTo(instant);
    return scheduler.fire(100);
  }

  protected ScheduleEntry find(String name) {
    return scheduler.find(name).orElseThrow();
  }

  protected static List<Instant> planned(List<Job> jobs) {
    return jobs.stream().map(job -> Recurring.plannedAt(job.spec()).orElseThrow()).toList();
  }

  /** Runs all that waits in the queue to its end; returns how many jobs that were. */
  protected int runAll() {
    long node = queue.join("here", Duration.ofMinutes(5));
    List<Lease> leases =
        new ArrayList<>(queue.claim(new Claim(JobType.DEFAULT_QUEUE, node, 1_000)));
    queue.settle(leases.stream().map(SchedulerContract::done).toList());
    queue.leave(node);
    return leases.size();
  }

  private static Transition done(Lease lease) {
    return new Transition.Finish(lease.job().id(), lease.token(), JobState.COMPLETED, null, null);
  }
}
