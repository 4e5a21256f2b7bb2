package io.neuralbridge.queue;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobFilter;
import io.neuralbridge.job.JobOrder;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.job.Page;
import io.neuralbridge.job.Paging;
import io.neuralbridge.job.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How every {@link Queue} finds jobs by what they are. */
public abstract class QueueListContract extends QueueFixture {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final String ODD = "ü \"key\":\"x\", {\\ 'it''s' %_";

  @Test
  void jobsOfManyQueuesAreListedByDueTimeInOneOrder() {
    int queues = 60;
    List<NewJob> wanted = new ArrayList<>();
    for (int i = 0; i < queues; i++) {
      Instant dueAt = NOON.plusSeconds(86_400 + (i * 37) % queues);
      wanted.add(TYPE.withQueue("tenant-" + i).request("x").at(dueAt).toNewJob());
    }
    List<Job> jobs = new ArrayList<>(queue.insert(wanted));
    jobs.sort(JobOrder.SOONEST_DUE.comparator());
    JobFilter late = JobFilter.all().withDue(TimeRange.from(NOON.plusSeconds(86_400)));
    Paging paging = Paging.by(JobOrder.SOONEST_DUE).withSize(5);

    Page<Job> one = queue.list(late, paging);
    Page<Job> two = queue.list(late, paging.after(one.next()));

    assertThat(one.items()).containsExactlyElementsOf(jobs.subList(0, 5));
    assertThat(two.items()).containsExactlyElementsOf(jobs.subList(5, 10));
  }

  /** A job for each state, a minute apart, named by its args. */
  @BeforeEach
  void fill() {
    insert(TYPE.withTags("red", "blue").request("a").withMeta(Map.of("tenant", "acme")).toNewJob());
    add(
        TYPE.withQueue("slow")
            .withPriority(5)
            .withTags("red")
            .request("b")
            .in(Duration.ofHours(1))
            .withKey("tenant 7")
            .toNewJob());
    Lease retryable = addAndClaim(JobType.of("report", String.class).withTags("re"), "c");
    queue.settle(List.of(back(retryable, Duration.ofMinutes(30), false, error(1, "x"))));
    addAndClaim(TYPE, "d");
    Lease done = addAndClaim(TYPE.withTags("blue"), "e");
    queue.settle(List.of(done(done)));
    Job cancelled =
        add(
            TYPE.withPriority(0)
                .request("f")
                .withMeta(Map.of("tenant", "acme", ODD, ODD, "x", "a\",\"tenant\":\"zeta"))
                .toNewJob());
    queue.cancel(List.of(cancelled.id()));
    Lease discarded = addAndClaim(TYPE, "g");
    queue.settle(List.of(finish(discarded.job().id(), discarded.token(), JobState.DISCARDED)));
  }

  private Job add(NewJob job) {
    clock.advance(Duration.ofMinutes(1));
    return insert(job);
  }

  private Lease addAndClaim(JobType<String> type, String name) {
    Job job = add(type.withQueue("queue-" + name).request(name).toNewJob());
    Lease lease = queue.claim(new Claim("queue-" + name, node, 1)).get(0);
    assertThat(lease.job().id()).isEqualTo(job.id());
    return lease;
  }

  private record Case(JobFilter filter, String expected) {}

  private static List<Case> cases() {
    JobFilter all = JobFilter.all();
    return List.of(
        new Case(all, "gfedcba"),
        new Case(all.withStates(JobState.AVAILABLE), "a"),
        new Case(all.withStates(JobState.SCHEDULED), "b"),
        new Case(all.withStates(JobState.RETRYABLE), "c"),
        new Case(all.withStates(JobState.EXECUTING), "d"),
        new Case(all.withStates(JobState.EXECUTING).withQueues("queue-d"), "d"),
        new Case(all.withStates(JobState.EXECUTING).withQueues("queue-e"), ""),
        new Case(all.withStates(JobState.COMPLETED), "e"),
        new Case(all.withStates(JobState.CANCELLED), "f"),
        new Case(all.withStates(JobState.DISCARDED, JobState.CANCELLED), "gf"),
        new Case(all.withStates(JobState.COMPLETED, JobState.DISCARDED), "ge"),
        new Case(all.withStates(JobState.SCHEDULED, JobState.DISCARDED), "gb"),
        new Case(all.withStates(JobState.EXECUTING, JobState.CANCELLED), "fd"),
        new Case(all.withStates(JobState.SUSPENDED), ""),
        new Case(all.withStates(), ""),
        new Case(all.withQueues("slow", "default"), "fba"),
        new Case(all.withQueues("slow").withStates(JobState.AVAILABLE), ""),
        new Case(all.withQueues(), ""),
        new Case(all.withKinds("report"), "c"),
        new Case(all.withPriorities(0, 5), "fb"),
        new Case(all.withIds(List.of()), ""),
        new Case(all.withIds(List.of(4711_000L)), ""),
        new Case(all.withAnyTag("re"), "c"),
        new Case(all.withAnyTag("red", "blue"), "eba"),
        new Case(all.withAllTags("red", "blue"), "a"),
        new Case(all.withAnyTag("ed"), ""),
        new Case(all.withAnyTag(), ""),
        new Case(all.withMeta("tenant", "acme"), "fa"),
        new Case(all.withMeta("tenant", "zeta"), ""),
        new Case(all.withMeta("key", "x"), ""),
        new Case(all.withMeta("tenant", "acm"), ""),
        new Case(all.withMeta(ODD, ODD).withMeta("tenant", "acme"), "f"),
        new Case(all.withKey("tenant 7"), "b"),
        new Case(all.withKey("tenant"), ""),
        new Case(all.withCreated(TimeRange.before(minute(2))), "ba"),
        new Case(all.withCreated(TimeRange.between(minute(1), minute(4))), "dcb"),
        new Case(all.withDue(TimeRange.from(minute(30))), "cb"),
        new Case(all.withFinished(TimeRange.from(minute(0))), "gfe"),
        new Case(all.withFinished(TimeRange.before(minute(5))), "e"),
        new Case(all.withFinished(TimeRange.from(minute(5))).withStates(JobState.CANCELLED), "f"),
        new Case(all.withQueues("default").withMeta("tenant", "acme").withPriorities(1), "a"));
  }

  private static Instant minute(int minute) {
    return NOON.plus(Duration.ofMinutes(minute));
  }

  @Test
  void aFilterFindsWhatItSaysNewestFirst() {
    SoftAssertions.assertSoftly(
        softly ->
            cases()
                .forEach(
                    each -> {
                      softly
                          .assertThat(names(pages(each.filter, Paging.newest(100))))
                          .as("%s", each.filter)
                          .isEqualTo(each.expected);
                      softly
                          .assertThat(names(pages(each.filter, Paging.newest(1))))
                          .as("one a page: %s", each.filter)
                          .isEqualTo(each.expected);
                    }));
  }

  @Test
  void idsAreFoundAmongLiveAndFinalJobs() {
    List<Job> all = pages(JobFilter.all(), Paging.newest(10));
    JobFilter some =
        JobFilter.all().withIds(List.of(all.get(0).id(), all.get(3).id(), all.get(6).id()));

    assertThat(names(pages(some, Paging.newest(2)))).isEqualTo("gda");
    assertThat(names(pages(some, Paging.by(JobOrder.LATEST_FINISHED)))).isEqualTo("g");
    assertThat(names(pages(some, Paging.by(JobOrder.SOONEST_DUE)))).isEqualTo("a");
  }

  @Test
  void byDueTimeWaitingJobsOfAllQueuesStandInOneLine() {
    Paging one = Paging.by(JobOrder.SOONEST_DUE).withSize(1);

    assertThat(names(pages(JobFilter.all(), one))).isEqualTo("acb");
    assertThat(names(pages(JobFilter.all().withQueues("queue-c", "default"), one))).isEqualTo("ac");
    assertThat(names(pages(JobFilter.all().withStates(JobState.AVAILABLE), one))).isEqualTo("a");
    assertThat(names(pages(JobFilter.all().withStates(JobState.SCHEDULED), one))).isEqualTo("b");
    assertThat(
            names(pages(JobFilter.all().withStates(JobState.SCHEDULED, JobState.RETRYABLE), one)))
        .isEqualTo("cb");
    assertThat(names(pages(JobFilter.all().withStates(JobState.COMPLETED), one))).isEmpty();
    assertThat(names(pages(JobFilter.all().withDue(TimeRange.from(minute(40))), one)))
        .isEqualTo("b");
  }

  @Test
  void byEndTheLastFinishedStandsFirst() {
    Paging one = Paging.by(JobOrder.LATEST_FINISHED).withSize(1);
    Lease late = queue.claim(new Claim("default", node, 1)).get(0);
    clock.advance(BLINK);
    queue.settle(List.of(done(late)));

    assertThat(names(pages(JobFilter.all(), one))).isEqualTo("agfe");
    assertThat(names(pages(JobFilter.all().withStates(JobState.COMPLETED), one))).isEqualTo("ae");
    assertThat(names(pages(JobFilter.all().withStates(JobState.EXECUTING), one))).isEmpty();
    assertThat(names(pages(JobFilter.all().withFinished(TimeRange.before(clock.instant())), one)))
        .isEqualTo("gfe");
  }

  @Test
  void listedJobsAreWhatFindReturns() {
    Page<Job> page = queue.list(JobFilter.all(), Paging.newest(100));

    assertThat(page.items())
        .isEqualTo(page.items().stream().map(job -> queue.find(job.id()).orElseThrow()).toList());
    assertThat(page.next()).isNull();
  }

  @Test
  void aPageGoesOnWhereTheLastEndedWhateverHappensMeanwhile() {
    Page<Job> first = queue.list(JobFilter.all(), Paging.newest(3));
    add(job("new"));
    queue.delete(List.of(first.items().get(2).id()));
    queue.retry(List.of(first.items().get(1).id()));

    Page<Job> second = queue.list(JobFilter.all(), Paging.newest(100).after(first.next()));

    assertThat(names(first.items()) + names(second.items())).isEqualTo("gfedcba");
  }

  private List<Job> pages(JobFilter filter, Paging paging) {
    List<Job> jobs = new ArrayList<>();
    List<Long> ids = new ArrayList<>();
    Page<Job> page;
    Paging next = paging;
    do {
      page = queue.list(filter, next);
      assertThat(page.items()).hasSizeLessThanOrEqualTo(paging.size());
      jobs.addAll(page.items());
      ids.addAll(queue.ids(filter, next).items());
      next = paging.after(page.next());
    } while (page.next() != null);
    assertThat(ids).isEqualTo(jobs.stream().map(Job::id).toList());
    return jobs;
  }

  private static String names(List<Job> jobs) {
    return jobs.stream().map(job -> TYPE.decode(job.spec().args())).collect(joining());
  }
}
