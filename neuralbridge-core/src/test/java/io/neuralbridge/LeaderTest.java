package io.neuralbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.queue.InMemoryQueue;
import io.neuralbridge.queue.Term;
import io.neuralbridge.testing.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LeaderTest {

  private static final Instant BEGIN = Instant.parse("2026-03-01T12:00:00Z");
  private static final Settings SETTINGS = new Settings();
  private static final Duration BEAT = SETTINGS.heartbeatInterval();
  private static final Duration TTL = SETTINGS.nodeTimeToLive();

  private final VirtualClock clock = new VirtualClock(BEGIN);
  private final InMemoryQueue store = new InMemoryQueue(clock);

  /** A node that stands for election over a connection of its own. */
  private final class Candidate {
    final FlakyQueue connection = new FlakyQueue(store);
    final AtomicInteger elected = new AtomicInteger();
    final Node node = new Node(connection, "node", TTL, NOBODY);
    final Leader leader =
        new Leader(
            connection.leadership(),
            node,
            SETTINGS,
            LeaderTest.this::nanos,
            elected::incrementAndGet);

    Candidate join() {
      node.beat();
      return this;
    }

    boolean leads() {
      return leader.isLeader();
    }
  }

  private static final Node.Leaseholder NOBODY =
      new Node.Leaseholder() {
        @Override
        public void leasesLost() {}

        @Override
        public void cancel(Set<Long> jobIds) {}
      };

  private final Candidate one = new Candidate();
  private final Candidate two = new Candidate();

  private long nanos() {
    return Duration.between(BEGIN, clock.instant()).toNanos();
  }

  @Test
  void aNodeThatIsNotJoinedDoesNotStand() {
    assertThat(one.leader.round()).as("it looks again soon").isLessThan(BEAT);

    assertThat(one.leads()).isFalse();
    assertThat(store.leadership().current("maintenance")).isEmpty();
  }

  @Test
  void theFirstLeadsAndIsToldOnce() {
    one.join();
    two.join();
    for (int i = 0; i < 10; i++) {
      one.leader.round();
      two.leader.round();
      assertThat(one.leads()).isTrue();
      assertThat(two.leads()).isFalse();
      clock.advance(BEAT);
    }
    assertThat(one.elected).hasValue(1);
    assertThat(two.elected).hasValue(0);
  }

  @Test
  void whoResignsIsFollowedAtOnce() {
    one.join().leader.round();
    two.join().leader.round();

    one.leader.resign();
    two.leader.round();

    assertThat(one.leads()).isFalse();
    assertThat(two.leads()).isTrue();
  }

  @Test
  void whoCannotReachTheStoreStopsLeadingBeforeAnotherBegins() {
    one.join().leader.round();
    two.join().leader.round();
    one.connection.goAway();

    for (Duration passed = Duration.ZERO; passed.compareTo(TTL) < 0; passed = passed.plus(BEAT)) {
      assertThat(one.leads()).isTrue();
      two.leader.round();
      assertThat(two.leads()).isFalse();
      clock.advance(BEAT);
      assertThatThrownBy(one.leader::round).hasMessageContaining("away");
    }
    assertThat(one.leads()).as("by its own time").isFalse();
    two.leader.round();
    assertThat(two.leads()).isTrue();

    one.connection.comeBack();
    one.leader.round();
    assertThat(one.leads()).as("it came late").isFalse();
  }

  @Test
  void whateverHappensNoTwoLeadAtOnceAndTermsGrow() {
    Random random = new Random(7);
    one.join();
    two.join();
    TreeMap<Long, Long> nodes = new TreeMap<>();
    for (int step = 0; step < 2_000; step++) {
      Candidate any = random.nextBoolean() ? one : two;
      switch (random.nextInt(8)) {
        case 0 -> any.connection.goAway();
        case 1 -> any.connection.comeBack();
        case 2 -> clock.advance(Duration.ofSeconds(random.nextInt(25)));
        case 3 -> resign(any);
        default -> stand(any);
      }
      assertThat(one.leads() && two.leads()).as("step %d", step).isFalse();
      Optional<Term> term = store.leadership().current("maintenance");
      if (term.isPresent()) {
        Long other = nodes.putIfAbsent(term.get().number(), term.get().node());
        assertThat(other).as("step %d", step).isIn(null, term.get().node());
        assertThat(nodes.lastKey()).isEqualTo(term.get().number());
      }
    }
    assertThat(one.elected).hasPositiveValue();
    assertThat(two.elected).hasPositiveValue();
    assertThat(nodes).as("terms").hasSizeGreaterThan(50);
  }

  private static void stand(Candidate candidate) {
    try {
      candidate.leader.round();
    } catch (IllegalStateException away) {
      // It could not; it still leads as long as it was elected for.
    }
  }

  private static void resign(Candidate candidate) {
    try {
      candidate.leader.resign();
    } catch (IllegalStateException away) {
      // The store lets its time run out.
    }
  }
}
