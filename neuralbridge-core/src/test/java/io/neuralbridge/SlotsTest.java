package io.neuralbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.job.Job;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.InMemoryQueue;
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
  private final List<Unit> units = units(20);
  private final MemoryBudget memory = new MemoryBudget();
  private long now = 1_000;
  private final Slots slots = new Slots(2, threads, memory, () -> now);

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

    slots.free(units.get(0));

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

    IntStream.range(0, 3).forEach(i -> slots.free(units.get(0)));
    assertThat(slots.isLow()).isTrue();
  }

  @Test
  void whatWaitedTooLongIsTakenAndNeverRuns() {
    put(0, 4);
    assertThat(slots.untilOverdue()).isEqualTo(Slots.LONGEST_WAIT);
    pass(Slots.LONGEST_WAIT);
    assertThat(slots.untilOverdue()).isZero();

    assertThat(slots.takeWaiting()).containsExactly(units.get(2), units.get(3));

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
    slots.free(units.get(0));
    threads.refuse = false;

    put(1, 3);

    threads.runAll();
    assertThat(ran).containsExactly("1", "2");
  }

  @Test
  void whatWaitsForASlotThatGetsNoThreadWaitsOn() {
    put(0, 3);
    threads.refuse = true;

    slots.free(units.get(0));

    assertThat(slots.takeWaiting()).containsExactly(units.get(2));
  }

  @Test
  void whatDoesNotFitIntoMemoryWaitsAndKeepsItsTurn() {
    memory.resize(100);
    put(large(60), "a");
    Unit next = large(50);
    put(next, "b");
    put(large(10), "c");

    assertThat(threads.tasks).as("c would fit, but b is first").hasSize(1);
    assertThat(slots.waitsForMemory()).isEqualTo(next);
    assertThat(slots.wanted()).as("what comes would only wait too").isZero();

    threads.runAll();
    assertThat(ran).containsExactly("a", "b", "c");
    assertThat(slots.waitsForMemory()).isNull();
  }

  @Test
  void memoryThatIsFreedStartsAsManyAsFit() {
    memory.resize(100);
    put(large(100), "a");
    put(large(50), "b");
    put(large(50), "c");
    put(large(50), "d");

    threads.tasks.removeFirst();
    slots.free(large(100));

    assertThat(threads.tasks).as("two slots, memory for two").hasSize(2);
  }

  @Test
  void whatIsFirstAndWaitsForMemoryIsNotTakenAsOverdue() {
    memory.resize(100);
    put(large(100), "a");
    Unit first = large(1_000);
    Unit second = large(10);
    put(first, "b");
    assertThat(slots.untilOverdue()).isNull();
    put(second, "c");
    pass(Slots.LONGEST_WAIT);
    assertThat(slots.untilOverdue()).isZero();

    assertThat(slots.takeOverdue()).containsExactly(second);

    assertThat(slots.untilOverdue()).isNull();
    threads.runAll();
    assertThat(ran).containsExactly("a", "b");
  }

  @Test
  void aLargerBudgetStartsWhatWaits() {
    memory.resize(100);
    put(large(100), "a");
    put(large(100), "b");

    memory.resize(200);
    slots.resize(2, true);

    assertThat(threads.tasks).hasSize(2);
  }

  @Test
  void whatGetsNoThreadGivesItsMemoryBack() {
    memory.resize(100);
    threads.refuse = true;
    Unit unit = large(100);
    assertThatThrownBy(() -> put(unit, "a")).isInstanceOf(RejectedExecutionException.class);
    slots.free(unit);
    slots.shutdown();
    assertThatThrownBy(() -> put(unit, "a")).isInstanceOf(RejectedExecutionException.class);
    slots.free(unit);

    assertThat(memory.take(100)).isTrue();
    assertThat(memory.fits(1)).isFalse();
  }

  private void put(int from, int to) {
    for (int i = from; i < to; i++) {
      String name = "" + i;
      put(units.get(i), name);
    }
  }

  private void put(Unit unit, String name) {
    slots.run(
        unit,
        () -> {
          ran.add(name);
          slots.free(unit);
        });
  }

  /** One that needs so much memory. */
  private Unit large(long bytes) {
    return new Unit(units.get(0).leases(), bytes);
  }

  /** Lets so many jobs come and go. */
  private void end(int jobs) {
    for (int i = 0; i < jobs; i++) {
      slots.run(units.get(0), () -> slots.free(units.get(0)));
      threads.runNext();
    }
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private static List<Unit> units(int count) {
    InMemoryQueue queue = new InMemoryQueue();
    List<Job> jobs =
        queue.insert(
            IntStream.range(0, count)
                .mapToObj(i -> TestWorker.TYPE.request("" + i).toNewJob())
                .toList());
    long node = queue.join("here", Duration.ofMinutes(1));
    return queue.claim(new Claim("default", node, jobs.size())).stream()
        .map(lease -> new Unit(List.of(lease), 0))
        .toList();
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
