package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.NewJob;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How every {@link Queue} stores jobs and tells of them. */
public abstract class QueueInsertContract extends QueueFixture {

  @Test
  void insertReturnsTheJobsInTheOrderGivenWithGrowingIds() {
    List<Job> jobs = queue.insert(IntStream.range(0, 100).mapToObj(i -> job("args " + i)).toList());

    assertThat(jobs).extracting(job -> job.spec().args()).startsWith("\"args 0\"", "\"args 1\"");
    assertThat(jobs).extracting(Job::id).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void insertOfNothingDoesNothing() {
    assertThat(queue.insert(List.of())).isEmpty();
  }

  @Test
  void findReturnsWhatWasInserted() {
    NewJob wanted =
        TYPE.withQueue("slow")
            .withPriority(3)
            .withMaxAttempts(7)
            .withTags("b", "a")
            .request("naïve \u0000 \uD83D\uDE80 \"quoted\"")
            .withMeta(Map.of("tenant", "Zoë"))
            .withKey("tenant 7")
            .withWeight(300)
            .withDeadline(clock.instant().plusSeconds(60))
            .toNewJob();

    Job inserted = queue.insert(List.of(wanted)).get(0);
    Job found = queue.find(inserted.id()).orElseThrow();

    assertThat(found).isEqualTo(inserted);
    assertThat(found.spec()).isEqualTo(wanted.spec());
    assertThat(found.state()).isEqualTo(JobState.AVAILABLE);
    assertThat(found.createdAt()).isEqualTo(clock.instant());
    assertThat(found.runAt()).isEqualTo(clock.instant());
    assertThat(TYPE.decode(found.spec().args())).isEqualTo("naïve \u0000 \uD83D\uDE80 \"quoted\"");
  }

  @Test
  void findOfAnUnknownIdIsEmpty() {
    assertThat(queue.find(4711)).isEmpty();
    assertThat(queue.errors(4711)).isEmpty();
  }

  @Test
  void countsHasEveryState() {
    insert(job("now"));
    insert(TYPE.request("later").in(Duration.ofHours(1)).toNewJob());
    Lease lease = claimOne();

    assertThat(queue.counts())
        .containsOnlyKeys(JobState.values())
        .containsEntry(JobState.EXECUTING, 1L)
        .containsEntry(JobState.SCHEDULED, 1L)
        .containsEntry(JobState.AVAILABLE, 0L);

    queue.settle(List.of(done(lease)));
    assertThat(queue.counts())
        .containsEntry(JobState.COMPLETED, 1L)
        .containsEntry(JobState.EXECUTING, 0L);
  }
}
