package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How every {@link Queue} has one leader a duty, one after the other. */
public abstract class QueueLeadershipContract extends QueueFixture {

  private long other;

  @BeforeEach
  void joinAnother() {
    other = queue.join("there", TTL);
  }

  private Optional<Term> elect(long candidate) {
    return queue.leadership().elect("prune", candidate, TTL);
  }

  private Optional<Term> current() {
    return queue.leadership().current("prune");
  }

  @Test
  void theFirstToStandLeadsAndTheOthersDoNot() {
    assertThat(current()).isEmpty();

    assertThat(elect(node)).contains(new Term("prune", node, 1));

    assertThat(elect(other)).isEmpty();
    assertThat(current()).contains(new Term("prune", node, 1));
  }

  @Test
  void aLeaderThatStandsAgainLeadsOnInItsTerm() {
    Term term = elect(node).orElseThrow();
    for (int i = 0; i < 5; i++) {
      clock.advance(TTL.minus(BLINK));
      assertThat(elect(node)).contains(term);
    }
    clock.advance(TTL.minus(BLINK));
    assertThat(elect(other)).isEmpty();
  }

  @Test
  void aLeaderThatIsNotHeardOfIsFollowedInAHigherTerm() {
    elect(node);
    clock.advance(TTL);

    assertThat(current()).isEmpty();
    assertThat(elect(other)).contains(new Term("prune", other, 2));
    assertThat(elect(node)).as("the late one").isEmpty();
  }

  @Test
  void aLateLeaderThatNobodyFollowedBeginsANewTerm() {
    elect(node);
    clock.advance(TTL);

    assertThat(elect(node)).contains(new Term("prune", node, 2));
  }

  @Test
  void aLeaderThatResignsIsFollowedAtOnce() {
    Term term = elect(node).orElseThrow();

    queue.leadership().resign(term);

    assertThat(current()).isEmpty();
    assertThat(elect(other)).contains(new Term("prune", other, 2));
  }

  @Test
  void nobodyEndsATermThatIsNotTheirs() {
    Term old = elect(node).orElseThrow();
    clock.advance(TTL);
    Term present = elect(node).orElseThrow();

    queue.leadership().resign(old);
    queue.leadership().resign(new Term("prune", other, present.number()));

    assertThat(current()).contains(present);
  }

  @Test
  void dutiesAreLedApart() {
    elect(node);

    assertThat(queue.leadership().elect("schedule", other, TTL))
        .contains(new Term("schedule", other, 1));
  }

  @Test
  void ofManyWhoStandAtOnceOneLeads() throws Exception {
    int candidates = 6;
    ExecutorService threads = Executors.newFixedThreadPool(candidates);
    List<Long> numbers = new ArrayList<>();
    for (int round = 0; round < 5; round++) {
      CyclicBarrier start = new CyclicBarrier(candidates);
      List<Callable<Optional<Term>>> stands = new ArrayList<>();
      for (int i = 0; i < candidates; i++) {
        long candidate = queue.join("candidate", Duration.ofDays(1));
        stands.add(
            () -> {
              start.await();
              return elect(candidate);
            });
      }
      List<Term> elected = new ArrayList<>();
      for (Future<Optional<Term>> stand : threads.invokeAll(stands)) {
        stand.get().ifPresent(elected::add);
      }
      assertThat(elected).hasSize(1);
      numbers.add(elected.get(0).number());
      clock.advance(TTL);
    }
    threads.shutdown();

    assertThat(numbers).containsExactly(1L, 2L, 3L, 4L, 5L);
  }
}
