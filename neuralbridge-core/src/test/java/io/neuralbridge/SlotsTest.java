package io.neuralbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.job.Job;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.InMemoryQueue;
import io.neuralbridge.queue.Lease;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlotsTest {

  private final ByHand threads = new ByHand();
  private final List<String> ran = new ArrayList<>();
  private final List<Lease> leases = leases(20);
  private long now = 1_000;
  private final Slots slots = new Slots(2, threads, () -> now);

  @Test
  void asManyRunAsThereAreSlotsAndTheOthersWaitForThem() {
    put(0, 4);

    assertThat(threads.tasks).hasSize(2);

    threads.runNext();

    assertThat(ran).as("one thread runs what waits, in order").containsExactly("0", "2", "3");
    assertThat(threads.tasks).hasSize(1);
  }

  @Test
  void aSlotThatIsFreedBySomebodyElseGoesToAnotherThread() {
    put(0, 3);

    slots.free();

    assertThat(threads.tasks).hasSize(3);
    threads.tasks.removeLast().run();
    assertThat(ran).containsExactly("2");
  }

  @Test
  void withoutEndedJobsNoMoreAreWantedThanSlotsAreFree() {
    assertThat(slots.wanted()).isEqualTo(2);

    put(0, 2);
    pass(Slots.HOLD);

    assertThat(slots.wanted()).isZero();
  }

  @Test
  void asManyMayWaitAsEndOfLateInTheTimeThatOneMayWait() {
    for (int i = 0; i < 200; i++) {
      end(1);
      pass(Slots.HOLD.dividedBy(10));
      slots.wanted();
    }

    assertThat(slots.wanted()).as("two slots, and ten that wait").isBetween(11, 12);
  }

  @Test
  void noMoreWaitThanTheMostHoweverShortJobsAre() {
    end(100_000);
    pass(Slots.HOLD);

    assertThat(slots.wanted()).isEqualTo(2 + Slots.MOST_WAITING);
  }

  @Test
  void afterAWhileWithoutEndedJobsNoneMayWait() {
    end(100_000);
    pass(Slots.HOLD);
    slots.wanted();
    pass(Slots.HOLD.multipliedBy(20));

    assertThat(slots.wanted()).isEqualTo(2);
  }

  @Test
  void moreAreWantedWhenHalfOfThoseThatMayWaitHaveBegun() {
    end(8);
    pass(Slots.HOLD);
    assertThat(slots.wanted()).as("two slots, and some that wait").isEqualTo(2 + 5);
    put(0, 7);

    assertThat(slots.isLow()).isFalse();

    IntStream.range(0, 3).forEach(i -> slots.free());
    assertThat(slots.isLow()).isTrue();
  }

  @Test
  void whatWaitedTooLongIsTakenAndNeverRuns() {
    put(0, 4);
    assertThat(slots.untilOverdue()).isEqualTo(Slots.LONGEST_WAIT);
    pass(Slots.LONGEST_WAIT);
    assertThat(slots.untilOverdue()).isZero();

    assertThat(slots.takeWaiting()).containsExactly(leases.get(2), leases.get(3));

    threads.runAll();
    assertThat(ran).containsExactly("0", "1");
    assertThat(slots.untilOverdue()).isNull();
    assertThat(slots.wanted()).as("those that do not begin do not count").isEqualTo(2);
  }

  @Test
  void afterTheShutdownNothingBegins() {
    put(0, 1);

    slots.shutdown();

    assertThatThrownBy(() -> put(1, 2)).isInstanceOf(RejectedExecutionException.class);
    threads.runAll();
    assertThat(ran).containsExactly("0");
  }

  @Test
  void withoutAThreadATaskNeverRunsAndItsSlotIsKeptForAnother() {
    threads.refuse = true;
    assertThatThrownBy(() -> put(0, 1)).isInstanceOf(RejectedExecutionException.class);
    slots.free();
    threads.refuse = false;

    put(1, 3);

    threads.runAll();
    assertThat(ran).containsExactly("1", "2");
  }

  @Test
  void whatWaitsForASlotThatGetsNoThreadWaitsOn() {
    put(0, 3);
    threads.refuse = true;

    slots.free();

    assertThat(slots.takeWaiting()).containsExactly(leases.get(2));
  }

  private void put(int from, int to) {
    for (int i = from; i < to; i++) {
      String name = "" + i;
      slots.run(
          leases.get(i),
          () -> {
            ran.add(name);
            slots.free();
          });
    }
  }

  /** Lets so many jobs come and go. */
  private void end(int jobs) {
    for (int i = 0; i < jobs; i++) {
      slots.run(leases.get(0), slots::free);
      threads.runNext();
    }
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private static List<Lease> leases(int count) {
    InMemoryQueue queue = new InMemoryQueue();
    List<Job> jobs =
        queue.insert(
            IntStream.range(0, count)
                .mapToObj(i -> TestWorker.TYPE.request("" + i).toNewJob())
                .toList());
    long node = queue.join("here", Duration.ofMinutes(1));
    return queue.claim(new Claim("default", node, jobs.size()));
  }

  /** Threads whose tasks run when the test says so. */
  private static final class ByHand extends AbstractExecutorService {
    final Deque<Runnable> tasks = new ArrayDeque<>();
    boolean refuse;

    @Override
    public void execute(Runnable task) {
      if (refuse) {
        throw new RejectedExecutionException("no thread");
      }
      tasks.addLast(task);
    }

    void runNext() {
      tasks.removeFirst().run();
    }

    void runAll() {
      while (!tasks.isEmpty()) {
        runNext();
      }
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return true;
    }
  }
}
