package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.testing.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reading many jobs at once, and telling the live ones. */
public abstract class LookupContract {

  private static final NewJob JOB = JobType.of("greet", String.class).request("x").toNewJob();

  protected final VirtualClock clock = new VirtualClock(Instant.parse("2026-03-01T12:00:00Z"));
  private Queue queue;
  private List<Job> jobs;

  /** An empty queue whose time is {@code clock}'s. */
  protected abstract Queue newQueue(InstantSource clock) throws Exception;

  @BeforeEach
  void insertAWaitingAnExecutingACompletedAndACancelledJob() throws Exception {
    queue = newQueue(clock);
    jobs = queue.insert(Collections.nCopies(4, JOB));
    long node = queue.join("here", Duration.ofHours(1));
    queue.cancel(List.of(id(3)));
    List<Lease> leases = queue.claim(new Claim("default", node, 2));
    queue.settle(
        List.of(
            new Transition.Finish(
                leases.get(0).job().id(),
                leases.get(0).token(),
                JobState.COMPLETED,
                "\"done\"",
                null)));
  }

  private long id(int n) {
    return jobs.get(n).id();
  }

  @Test
  void manyJobsAreReadByIdAndThoseThatAreNotThereAreMissing() {
    List<Job> found = queue.find(List.of(id(3), 4_711L, id(0), id(1), id(0)));

    assertThat(found).extracting(Job::id).containsExactly(id(0), id(1), id(3));
    assertThat(found)
        .extracting(Job::state)
        .containsExactly(JobState.COMPLETED, JobState.EXECUTING, JobState.CANCELLED);
    assertThat(found.get(0).result(String.class)).isEqualTo("done");
    assertThat(found.get(1)).isEqualTo(queue.find(id(1)).orElseThrow());
  }

  @Test
  void liveAreThoseThatAreThereAndNotFinal() {
    assertThat(queue.live(List.of(id(0), id(1), id(2), id(3), 4_711L)))
        .containsExactlyInAnyOrder(id(1), id(2));
  }

  @Test
  void moreIdsThanFitInAStatementAreNoTrouble() {
    List<Long> ids = LongStream.rangeClosed(0, id(3) + 5_000).boxed().toList();

    assertThat(queue.find(ids)).hasSize(4);
    assertThat(queue.live(ids)).hasSize(2);
  }

  @Test
  void nothingIsFoundAmongNothing() {
    assertThat(queue.find(List.of())).isEmpty();
    assertThat(queue.live(List.of())).isEmpty();
  }
}
