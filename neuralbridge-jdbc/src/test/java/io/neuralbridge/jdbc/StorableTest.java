package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.jdbc.testing.PostgresDatabase;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Queue;
import io.neuralbridge.queue.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One bad row must not lose the others of its batch, so there is none. */
class StorableTest {

  private static final String HOSTILE = "nul \u0000, half a surrogate \uD83D, and \uDE80 the other";

  @RegisterExtension static final PostgresDatabase POSTGRES = new PostgresDatabase();

  @Test
  void postgresTakesEveryRow() {
    takesEveryRow(JdbcBackend.of(POSTGRES.dataSource()).queue());
  }

  @Test
  void h2TakesEveryRow() {
    try (JdbcBackend backend = JdbcBackend.inMemory()) {
      takesEveryRow(backend.queue());
    }
  }

  private static void takesEveryRow(Queue queue) {
    NewJob hostile = Jobs.TYPE.request(HOSTILE).withMeta(Map.of(HOSTILE, HOSTILE)).toNewJob();
    NewJob large = Jobs.TYPE.request("é".repeat(500_000)).toNewJob();
    NewJob ancient = Jobs.TYPE.request("x").at(Instant.parse("0001-01-01T00:00:00Z")).toNewJob();
    NewJob distant = Jobs.TYPE.request("x").at(Instant.parse("9999-12-31T23:59:59Z")).toNewJob();
    NewJob patient = Jobs.TYPE.request("x").in(Duration.ofDays(36_500)).toNewJob();
    List<Job> jobs =
        queue.insert(List.of(hostile, large, ancient, distant, patient, Jobs.job(), Jobs.job()));
    assertThat(jobs).hasSize(7);
    assertThat(queue.find(jobs.get(1).id()).orElseThrow().spec()).isEqualTo(large.spec());

    long node = queue.join(HOSTILE, Duration.ofSeconds(Long.MAX_VALUE));
    List<Lease> leases = queue.claim(new Claim("default", node, 10));
    assertThat(leases).hasSize(5);
    List<Transition> outcomes = new ArrayList<>();
    outcomes.add(
        finish(leases.get(0), HOSTILE, new JobError(1, Instant.MAX, HOSTILE, HOSTILE, HOSTILE)));
    outcomes.add(finish(leases.get(1), "\"" + "r".repeat(2_000_000) + "\"", null));
    outcomes.add(
        finish(leases.get(2), null, new JobError(Integer.MAX_VALUE, Instant.MIN, "", "", "")));
    outcomes.add(
        new Transition.Back(
            leases.get(3).job().id(),
            leases.get(3).token(),
            Duration.ofSeconds(Long.MAX_VALUE),
            false,
            null));
    outcomes.add(Jobs.done(leases.get(4)));

    assertThat(queue.settle(outcomes)).hasSize(5);
    assertThat(queue.counts())
        .containsEntry(JobState.COMPLETED, 4L)
        .containsEntry(JobState.RETRYABLE, 1L);
    assertThat(queue.renew(node, Duration.ofSeconds(Long.MAX_VALUE)).alive()).isTrue();
    assertThat(queue.history().ended(Duration.ofSeconds(Long.MAX_VALUE), null, 10)).isEmpty();
  }

  private static Transition finish(Lease lease, String result, JobError error) {
    return new Transition.Finish(
        lease.job().id(), lease.token(), JobState.COMPLETED, result, error);
  }
}
