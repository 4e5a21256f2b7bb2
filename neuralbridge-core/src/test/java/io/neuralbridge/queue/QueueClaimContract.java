package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** How every {@link Queue} leases jobs to nodes. */
public abstract class QueueClaimContract extends QueueFixture {

  @Test
  void claimTakesLowestPriorityNumberThenEarliestDueThenOldest() {
    Job late = insert(TYPE.withPriority(5).request("late").toNewJob());
    Job second = insert(job("second"));
    Job third = insert(job("third"));
    Job earlier = insert(TYPE.request("first").at(clock.instant().minusSeconds(60)).toNewJob());
    Job urgent = insert(TYPE.withPriority(0).request("urgent").toNewJob());

    assertThat(claim(10))
        .extracting(lease -> lease.job().id())
        .containsExactly(urgent.id(), earlier.id(), second.id(), third.id(), late.id());
  }

  @Test
  void claimTakesNoMoreThanItsLimitAndNothingTwice() {
    queue.insert(Collections.nCopies(5, job("x")));

    assertThat(claim(3)).hasSize(3);
    assertThat(claim(3)).hasSize(2);
    assertThat(claim(3)).isEmpty();
  }

  @Test
  void claimTakesOnlyTheNamedQueue() {
    insert(TYPE.withQueue("other").request("x").toNewJob());

    assertThat(claim(1)).isEmpty();
    assertThat(queue.claim(new Claim("other", node, 1))).hasSize(1);
  }

  @Test
  void claimBeginsAnAttempt() {
    insert(job("x"));

    Job claimed = claimOne().job();

    assertThat(claimed.attempt()).isEqualTo(1);
    assertThat(claimed.state()).isEqualTo(JobState.EXECUTING);
    assertThat(queue.find(claimed.id())).contains(claimed);
  }

  @Test
  void claimLeavesJobsThatAreNotDue() {
    insert(TYPE.request("x").in(Duration.ofSeconds(10)).toNewJob());

    assertThat(claim(1)).isEmpty();
    clock.advance(Duration.ofSeconds(10).minus(BLINK));
    assertThat(claim(1)).isEmpty();
    clock.advance(BLINK);
    assertThat(claim(1)).hasSize(1);
  }

  @Test
  void claimGivesNothingToANodeThatIsNotJoined() {
    insert(job("x"));
    queue.leave(node);

    assertThat(claim(1)).isEmpty();
  }

  @Test
  void untilNextDueTellsTheWaitForTheEarliestJobOfTheQueue() {
    assertThat(queue.untilNextDue("default")).isEmpty();
    insert(TYPE.withPriority(4).request("x").in(Duration.ofSeconds(30)).toNewJob());
    insert(TYPE.request("x").in(Duration.ofSeconds(90)).toNewJob());
    insert(TYPE.withQueue("other").request("x").toNewJob());
    assertThat(queue.untilNextDue("default")).contains(Duration.ofSeconds(30));

    clock.advance(Duration.ofSeconds(31));
    assertThat(queue.untilNextDue("default")).contains(Duration.ZERO);
  }

  @Test
  void concurrentClaimsNeverShareAJob() throws Exception {
    int jobs = 500;
    queue.insert(Collections.nCopies(jobs, job("x")));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<List<Long>>> claims = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      claims.add(threads.submit(this::claimAllInSmallSteps));
    }
    List<Long> claimed = new ArrayList<>();
    for (Future<List<Long>> claim : claims) {
      claimed.addAll(claim.get());
    }
    threads.shutdown();

    assertThat(claimed).hasSize(jobs).doesNotHaveDuplicates();
  }

  private List<Long> claimAllInSmallSteps() {
    List<Long> mine = new ArrayList<>();
    while (queue.counts().get(JobState.AVAILABLE) > 0) {
      claim(7).forEach(lease -> mine.add(lease.job().id()));
    }
    return mine;
  }

  @Test
  void tokensDiffer() {
    queue.insert(Collections.nCopies(50, job("x")));
    Set<Long> tokens = new HashSet<>();
    claim(25).forEach(lease -> tokens.add(lease.token()));
    claim(25).forEach(lease -> tokens.add(lease.token()));

    assertThat(tokens).as("a new token with every claim").hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void aClaimForNothingIsRefused() {
    assertThatThrownBy(() -> new Claim("default", node, 0)).hasMessageContaining("at least 1");
  }
}
