package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobFilter;
import io.neuralbridge.job.JobOrder;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.job.Page;
import io.neuralbridge.job.Paging;
import io.neuralbridge.queue.Queue;
import java.util.List;
import org.junit.jupiter.api.Test;

class H2ListTest {

  @Test
  void aPageThatCameToItsBoundIsShortAndTheNextGoesOn() {
    try (JdbcBackend backend = JdbcBackend.inMemory()) {
      Queue queue = backend.queue();
      JobFilter rare = JobFilter.all().withAnyTag("rare");
      Job first = queue.insert(List.of(rare())).get(0);
      queue.insert(Jobs.jobs(ListStatements.WALK + 100));
      Job last = queue.insert(List.of(rare())).get(0);

      assertThatTwoPagesFind(queue, rare, Paging.by(JobOrder.NEWEST), last, first);
      assertThatTwoPagesFind(queue, rare, Paging.by(JobOrder.SOONEST_DUE), first, last);
      List<Long> all = queue.ids(JobFilter.all(), Paging.newest(1_000)).items();
      assertThat(all).hasSize(1_000).startsWith(last.id());
    }
  }

  private static NewJob rare() {
    return Jobs.TYPE.withTags("rare").request("x").toNewJob();
  }

  private static void assertThatTwoPagesFind(
      Queue queue, JobFilter filter, Paging paging, Job inFirst, Job inSecond) {
    Page<Job> one = queue.list(filter, paging);
    Page<Job> two = queue.list(filter, paging.after(one.next()));

    assertThat(one.items()).extracting(Job::id).containsExactly(inFirst.id());
    assertThat(two.items()).extracting(Job::id).containsExactly(inSecond.id());
    assertThat(two.next()).isNull();
  }
}
