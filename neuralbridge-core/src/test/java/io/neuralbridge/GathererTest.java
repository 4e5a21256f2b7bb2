package io.neuralbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.queue.Lease;
import io.neuralbridge.worker.ChunkLimits;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class GathererTest {

  private static final Lease LEASE = SettlerTest.lease(1, 3);
  private static final ChunkLimits THREE = new ChunkLimits(3, Duration.ofNanos(100));

  private final Gatherer gatherer = new Gatherer();

  private void add(int count, long now) {
    for (int i = 0; i < count; i++) {
      gatherer.add(LEASE, THREE, now);
    }
  }

  @Test
  void aChunkIsCompleteWhenItIsFull() {
    add(2, 0);
    assertThat(gatherer.takeDue(50)).isEmpty();

    add(1, 50);

    assertThat(gatherer.takeDue(50)).containsExactly(List.of(LEASE, LEASE, LEASE));
    assertThat(gatherer.size()).isZero();
  }

  @Test
  void aChunkIsCompleteWhenItsFirstJobHasWaitedLongEnough() {
    add(1, 0);
    add(1, 99);

    assertThat(gatherer.untilDue(99, Duration.ofDays(1))).isEqualTo(Duration.ofNanos(1));
    assertThat(gatherer.takeDue(99)).isEmpty();
    assertThat(gatherer.takeDue(100)).containsExactly(List.of(LEASE, LEASE));
  }

  @Test
  void whatIsMoreThanAChunkIsCut() {
    add(7, 0);

    assertThat(gatherer.takeDue(0)).extracting(List::size).containsExactly(3, 3, 1);
  }

  @Test
  void takeAllTakesWhatIsIncompleteToo() {
    add(2, 0);

    assertThat(gatherer.takeAll()).hasSize(2);
    assertThat(gatherer.untilDue(0, Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void badLimitsAreRefused() {
    assertThatThrownBy(() -> new ChunkLimits(0, Duration.ZERO))
        .hasMessage("a chunk must have 1 to 1,000 jobs: 0");
    assertThatThrownBy(() -> new ChunkLimits(1, Duration.ofMinutes(2)))
        .hasMessage("a chunk must be gathered in 0 to 60 seconds: PT2M");
  }
}
