package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.FailurePolicy;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Membership;
import io.neuralbridge.job.Need;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.job.Ties;
import io.neuralbridge.testing.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;

/** A queue of tied jobs, and a node that runs and stages them by hand. */
public abstract class TieFixture {

  static final Duration TTL = Duration.ofDays(100);
  static final JobType<String> TYPE = JobType.of("step", String.class);

  protected final VirtualClock clock = new VirtualClock(Instant.parse("2026-03-01T12:00:00Z"));
  Queue queue;
  long node;

  /** An empty queue whose time is {@code clock}'s. */
  protected abstract Queue newQueue(InstantSource clock) throws Exception;

  @BeforeEach
  void openQueue() throws Exception {
    queue = newQueue(clock);
    node = queue.join("here", TTL);
  }

  static NewJob job(Ties ties) {
    return TYPE.request("x").withTies(ties).toNewJob();
  }

  static NewJob free() {
    return job(Ties.NONE);
  }

  static NewJob needing(Job... jobs) {
    return needing(FailurePolicy.CANCEL, jobs);
  }

  static NewJob needing(FailurePolicy policy, Job... jobs) {
    return job(needs(Stream.of(jobs).map(job -> Need.job(job.id(), policy)).toList()));
  }

  static Ties needs(List<Need> needs) {
    return Ties.NONE.withNeeds(needs);
  }

  static NewJob member(Membership membership) {
    return job(Ties.NONE.withMembership(membership));
  }

  Job insert(NewJob job) {
    return queue.insert(List.of(job)).get(0);
  }

  Job find(Job job) {
    return queue.find(job.id()).orElseThrow();
  }

  JobState stateOf(Job job) {
    return find(job).state();
  }

  void assertState(JobState state, Job... jobs) {
    assertThat(Stream.of(jobs).map(this::stateOf)).as("states").containsOnly(state);
  }

  List<Lease> claim(int limit) {
    return queue.claim(new Claim("default", node, limit));
  }

  List<Long> claimedIds() {
    return claim(1_000).stream().map(lease -> lease.job().id()).toList();
  }

  /** Claims the job, which must be the next one. */
  Lease claimNext(Job job) {
    List<Lease> leases = claim(1);
    assertThat(leases).extracting(lease -> lease.job().id()).containsExactly(job.id());
    return leases.get(0);
  }

  void complete(Job job) {
    settle(claimNext(job), JobState.COMPLETED);
  }

  void discard(Job job) {
    settle(claimNext(job), JobState.DISCARDED);
  }

  void settle(Lease lease, JobState state) {
    assertThat(queue.settle(List.of(finish(lease, state)))).hasSize(1);
  }

  static Transition finish(Lease lease, JobState state) {
    return new Transition.Finish(lease.job().id(), lease.token(), state, null, null);
  }

  void cancel(Job job) {
    assertThat(queue.cancel(List.of(job.id()))).hasSize(1);
  }

  void retry(Job... jobs) {
    assertThat(queue.retry(Stream.of(jobs).map(Job::id).toList())).hasSize(jobs.length);
  }

  /** Stages until there is nothing more to do; returns how many jobs were moved. */
  int stage() {
    int moved = 0;
    Staged staged;
    do {
      staged = queue.stage(100);
      moved += staged.moved();
    } while (staged.more());
    return moved;
  }

  String reason(Job job) {
    List<JobError> errors = queue.errors(job.id());
    return errors.isEmpty() ? "" : errors.get(errors.size() - 1).code();
  }

  /** One round of the pruner's work. */
  final int prune(Duration age, int limit) {
    History history = queue.history();
    int deleted = history.delete(history.ended(age, null, limit));
    history.deleteFlows(age, limit);
    return deleted;
  }
}
