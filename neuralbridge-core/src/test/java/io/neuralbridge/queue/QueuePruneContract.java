package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.ArchivedJob;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How every {@link Queue} shows its final jobs to the pruner, and forgets them. */
public abstract class QueuePruneContract extends QueueFixture {

  private static final Duration HOUR = Duration.ofHours(1);

  private History history() {
    return queue.history();
  }

  /** A final job, ended a blink after the last one. */
  private Lease end(String queueName, JobState state) {
    insert(TYPE.withQueue(queueName).request("x").toNewJob());
    Lease lease = queue.claim(new Claim(queueName, node, 1)).get(0);
    clock.advance(BLINK);
    queue.settle(
        List.of(
            new Transition.Finish(
                lease.job().id(), lease.token(), state, "\"done\"", error(1, "why"))));
    return lease;
  }

  @Test
  void finalJobsShowOldestFirstFromAPlaceOn() {
    Lease first = end("a", JobState.COMPLETED);
    Lease second = end("b", JobState.DISCARDED);
    Lease third = end("a", JobState.CANCELLED);
    insert(job("waiting"));
    clock.advance(BLINK);

    List<EndedJob> two = history().ended(Duration.ZERO, null, 2);
    List<EndedJob> rest = history().ended(Duration.ZERO, two.get(1), 2);

    assertThat(two)
        .containsExactly(
            new EndedJob(id(first), find(first).finishedAt(), JobState.COMPLETED, "a", "greet"),
            new EndedJob(id(second), find(second).finishedAt(), JobState.DISCARDED, "b", "greet"));
    assertThat(rest).extracting(EndedJob::id).containsExactly(id(third));
    assertThat(history().ended(Duration.ZERO, rest.get(0), 2)).isEmpty();
  }

  @Test
  void jobsThatEndedTogetherShowByTheirIds() {
    List<Lease> leases = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      leases.add(insertAndClaim());
    }
    queue.settle(leases.stream().map(QueueFixture::done).toList());
    clock.advance(BLINK);

    List<EndedJob> seen = new ArrayList<>();
    List<EndedJob> some = history().ended(Duration.ZERO, null, 2);
    while (!some.isEmpty()) {
      seen.addAll(some);
      some = history().ended(Duration.ZERO, some.get(some.size() - 1), 2);
    }

    assertThat(seen)
        .extracting(EndedJob::id)
        .containsExactlyElementsOf(leases.stream().map(QueuePruneContract::id).toList());
  }

  @Test
  void onlyJobsThatEndedLongAgoShow() {
    Lease old = end("a", JobState.COMPLETED);
    clock.advance(HOUR);
    end("a", JobState.COMPLETED);
    assertThat(history().ended(HOUR, null, 10)).extracting(EndedJob::id).containsExactly(id(old));

    clock.advance(HOUR);
    assertThat(history().ended(HOUR, null, 10)).as("not longer ago than an hour").hasSize(1);
    clock.advance(BLINK);
    assertThat(history().ended(HOUR, null, 10)).hasSize(2);
  }

  @Test
  void aFinalJobIsReadWithItsErrors() {
    Lease ended = end("a", JobState.DISCARDED);
    clock.advance(BLINK);

    List<ArchivedJob> read = history().read(history().ended(Duration.ZERO, null, 10));

    assertThat(read).containsExactly(new ArchivedJob(find(ended), queue.errors(ended.job().id())));
    assertThat(read.get(0).errors()).extracting(JobError::message).containsExactly("why");
    assertThat(read.get(0).job().result()).isEqualTo("\"done\"");
  }

  @Test
  void deletedJobsAreGoneWithAllThatStoodBesideThem() {
    Lease gone = end("a", JobState.DISCARDED);
    Lease kept = end("a", JobState.DISCARDED);
    clock.advance(BLINK);

    assertThat(history().delete(history().ended(Duration.ZERO, null, 1))).isEqualTo(1);

    assertThat(queue.find(id(gone))).isEmpty();
    assertThat(queue.errors(id(gone))).isEmpty();
    assertThat(queue.find(id(kept))).isPresent();
    assertThat(queue.errors(id(kept))).hasSize(1);
    assertThat(history().delete(List.of())).isZero();
  }

  @Test
  void aJobThatWasRetriedSinceIsNeitherReadNorDeleted() {
    Lease waits = end("a", JobState.DISCARDED);
    Lease endsAgain = end("b", JobState.DISCARDED);
    clock.advance(BLINK);
    List<EndedJob> ended = history().ended(Duration.ZERO, null, 10);
    queue.retry(List.of(id(waits), id(endsAgain)));
    clock.advance(BLINK);
    queue.settle(List.of(done(queue.claim(new Claim("b", node, 1)).get(0))));

    assertThat(history().read(ended)).isEmpty();
    assertThat(history().delete(ended)).isZero();
    assertThat(find(waits).state()).isEqualTo(JobState.AVAILABLE);
    assertThat(find(endsAgain).state()).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void liveJobsAreNeverPruned() {
    Job waiting = insert(job("x"));
    Lease running = insertAndClaimOldest();
    clock.advance(HOUR);

    assertThat(history().ended(Duration.ZERO, null, 10)).isEmpty();
    assertThat(
            history()
                .delete(
                    List.of(
                        new EndedJob(
                            waiting.id(), clock.instant(), JobState.COMPLETED, "default", "greet"),
                        new EndedJob(
                            id(running), clock.instant(), JobState.COMPLETED, "default", "greet"))))
        .isZero();
    assertThat(queue.find(waiting.id())).isPresent();
  }

  private Lease insertAndClaimOldest() {
    insert(job("y"));
    return claimOne();
  }

  private static long id(Lease lease) {
    return lease.job().id();
  }
}
