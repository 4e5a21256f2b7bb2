package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobRequest;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Unique;
import io.neuralbridge.job.Unique.Field;
import io.neuralbridge.job.Unique.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every {@link Queue} lets a waiting job take over from one that was not stored. */
public abstract class UniqueReplaceContract extends QueueFixture {

  private record Sync(String account, String since) {}

  private static final JobType<Sync> SYNC = JobType.of("sync", Sync.class).withMaxAttempts(5);
  private static final Unique BY_ACCOUNT = Unique.byArgs("account").during(Scope.WAITING);

  @Test
  void aDebouncedJobIsPutOffByEveryRequest() {
    Unique debounced = BY_ACCOUNT.replacing(Field.RUN_AT, Field.ARGS);
    Job first = insert(request("monday", debounced).in(Duration.ofSeconds(10)));
    clock.advance(Duration.ofSeconds(8));
    Job second = insert(request("tuesday", debounced).in(Duration.ofSeconds(10)));

    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.existing()).isTrue();
    assertThat(second.runAt()).isEqualTo(clock.instant().plusSeconds(10));
    assertThat(second.createdAt()).isEqualTo(first.createdAt());
    clock.advance(Duration.ofSeconds(9));
    assertThat(claim(1)).isEmpty();
    clock.advance(Duration.ofSeconds(1));
    assertThat(SYNC.decode(claimOne().job().spec().args()).since()).isEqualTo("tuesday");
  }

  @ParameterizedTest
  @EnumSource(Field.class)
  void onlyTheChosenFieldIsTakenOver(Field field) {
    Job old = insert(request("old", BY_ACCOUNT));
    JobRequest<Sync> later = everythingElse(BY_ACCOUNT.replacing(field));

    Job found = insert(later);

    Job wanted = queue.find(found.id()).orElseThrow();
    assertThat(found).isEqualTo(wanted.asExisting());
    assertThat(wanted.spec().args()).isEqualTo(choose(field, Field.ARGS, spec(later).args(), old));
    assertThat(wanted.spec().meta()).isEqualTo(field == Field.META ? Map.of("a", "b") : Map.of());
    assertThat(wanted.spec().tags()).isEqualTo(field == Field.TAGS ? Set.of("new") : Set.of());
    assertThat(wanted.spec().priority()).isEqualTo(field == Field.PRIORITY ? 7 : 1);
    assertThat(wanted.spec().maxAttempts()).isEqualTo(field == Field.MAX_ATTEMPTS ? 9 : 5);
    assertThat(wanted.spec().deadline())
        .isEqualTo(field == Field.DEADLINE ? later.options().deadline() : null);
    assertThat(wanted.runAt())
        .isEqualTo(field == Field.RUN_AT ? later.options().runAt() : old.runAt());
  }

  private static Object choose(Field field, Field wanted, Object later, Job old) {
    return field == wanted ? later : old.spec().args();
  }

  private JobRequest<Sync> everythingElse(Unique unique) {
    Instant hourLater = clock.instant().plusSeconds(3_600);
    return request("new", unique)
        .withMeta(Map.of("a", "b"))
        .withTags("new")
        .withPriority(7)
        .withMaxAttempts(9)
        .withDeadline(hourLater.plusSeconds(60))
        .at(hourLater);
  }

  @Test
  void aReplacedPriorityCountsInTheNextClaim() {
    insert(request("old", BY_ACCOUNT));
    Job other = insert(SYNC.request(new Sync("other", "x")));
    insert(request("new", BY_ACCOUNT.replacing(Field.PRIORITY)).withPriority(9));

    assertThat(claimOne().job().id()).isEqualTo(other.id());
    assertThat(claimOne().job().spec().priority()).isEqualTo(9);
  }

  @Test
  void smallArgsAreReplacedByLargeOnesAndBack() {
    Unique unique = BY_ACCOUNT.replacing(Field.ARGS);
    Job job = insert(request("small", unique));
    for (String since : List.of("x".repeat(5_000), "y".repeat(6_000), "small again")) {
      insert(request(since, unique));
      assertThat(SYNC.decode(find(job.id()).spec().args()).since()).isEqualTo(since);
    }
    assertThat(SYNC.decode(claimOne().job().spec().args()).since()).isEqualTo("small again");
  }

  @Test
  void inOneBatchTheLastRequestWins() {
    Unique unique = BY_ACCOUNT.replacing(Field.ARGS);
    List<Job> jobs =
        queue.insert(
            List.of(
                request("1", unique).toNewJob(),
                request("2", unique).toNewJob(),
                request("3", BY_ACCOUNT.replacing(Field.PRIORITY)).withPriority(4).toNewJob()));

    assertThat(jobs).extracting(Job::existing).containsExactly(false, true, true);
    assertThat(jobs).extracting(job -> SYNC.decode(job.spec().args()).since()).containsOnly("2");
    assertThat(jobs).extracting(job -> job.spec().priority()).containsOnly(4);
    assertThat(queue.find(jobs.get(0).id())).contains(jobs.get(0));
  }

  @Test
  void aJobThatRunsOrHasEndedIsLeftAsItIs() {
    Unique unique = Unique.byArgs("account").during(Scope.KEPT).replacing(Field.ARGS);
    insert(request("old", unique));
    Lease lease = claimOne();

    assertThat(insert(request("new", unique)).spec()).isEqualTo(lease.job().spec());
    end(lease, JobState.COMPLETED);
    assertThat(insert(request("new", unique)).spec()).isEqualTo(lease.job().spec());
    assertThat(find(lease.job().id()).spec()).isEqualTo(lease.job().spec());
  }

  @Test
  void aJobThatWaitsForARetryKeepsOneAttemptMoreThanItHasHad() {
    Unique unique = BY_ACCOUNT.replacing(Field.MAX_ATTEMPTS);
    insert(request("old", unique));
    backAtOnce(claimOne());
    backAtOnce(claimOne());
    backAtOnce(claimOne());

    Job found = insert(request("new", unique).withMaxAttempts(2));

    assertThat(found.spec().maxAttempts()).isEqualTo(4);
    assertThat(claimOne().job().attempt()).isEqualTo(4);
  }

  private static JobRequest<Sync> request(String since, Unique unique) {
    return SYNC.request(new Sync("7", since)).withUnique(unique);
  }

  private static io.neuralbridge.job.JobSpec spec(JobRequest<?> request) {
    return request.toNewJob().spec();
  }

  private Job insert(JobRequest<?> request) {
    return insert(request.toNewJob());
  }
}
