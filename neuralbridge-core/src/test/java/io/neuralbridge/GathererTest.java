package io.neuralbridge;

import static io.neuralbridge.queue.QueueSettings.ANY_MEMORY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.queue.Lease;
import io.neuralbridge.worker.ChunkLimits;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class GathererTest {

  private static final Lease LEASE = SettlerTest.lease(1, 3);
  private static final ChunkLimits THREE = new ChunkLimits(3, Duration.ofNanos(100));

  private final Gatherer gatherer = new Gatherer();

  private void add(int count, String common, long now) {
    for (int i = 0; i < count; i++) {
      add(common, 1, ANY_MEMORY, now);
    }
  }

  private boolean add(String common, long bytes, long budget, long now) {
    Kinds.Together together = new Kinds.Together("test", common);
    return gatherer.add(LEASE, together, THREE, bytes, budget, now);
  }

  @Test
  void aChunkIsTakenWhenItIsFull() {
    add(2, "a", 0);
    assertThat(gatherer.takeDue(50)).isEmpty();

    add(1, "a", 50);

    assertThat(gatherer.takeDue(50)).extracting(unit -> unit.leases().size()).containsExactly(3);
    assertThat(gatherer.size()).isZero();
    assertThat(gatherer.bytes()).isZero();
  }

  @Test
  void aChunkIsTakenWhenItsFirstLeaseHasWaitedLongEnough() {
    add(1, "a", 0);
    add(1, "a", 99);

    assertThat(gatherer.untilDue(99)).isEqualTo(Duration.ofNanos(1));
    assertThat(gatherer.takeDue(99)).isEmpty();
    assertThat(gatherer.takeDue(100)).extracting(unit -> unit.leases().size()).containsExactly(2);
    assertThat(gatherer.untilDue(100)).isNull();
  }

  @Test
  void leasesWithNothingInCommonMakeChunksOfTheirOwn() {
    add(2, "a", 0);
    add(2, "b", 10);

    assertThat(gatherer.takeDue(100)).hasSize(1);
    assertThat(gatherer.size()).isEqualTo(2);
    assertThat(gatherer.takeDue(110)).hasSize(1);
  }

  @Test
  void whatIsMoreThanAChunkBeginsAnother() {
    add(7, "a", 0);

    assertThat(gatherer.takeDue(0)).extracting(unit -> unit.leases().size()).containsExactly(3, 3);
    assertThat(gatherer.size()).isEqualTo(1);
  }

  @Test
  void aChunkNeedsNoMoreMemoryThanThereIsUnlessOneLeaseAloneDoes() {
    add("a", 40, 100, 0);
    add("a", 40, 100, 0);
    assertThat(gatherer.takeDue(0))
        .as("no third fits")
        .extracting(Unit::bytes)
        .containsExactly(80L);

    add("b", 40, 100, 0);
    add("b", 70, 100, 0);
    add("c", 500, 100, 0);

    assertThat(gatherer.takeAll()).extracting(Unit::bytes).containsExactly(40L, 70L, 500L);
  }

  @Test
  void afterItIsClosedNothingIsGathered() {
    add(2, "a", 0);

    assertThat(gatherer.close()).hasSize(1);
    assertThat(add("a", 0, ANY_MEMORY, 0)).isFalse();
    assertThat(gatherer.takeAll()).isEmpty();
  }

  @Test
  void badLimitsAreRefused() {
    assertThatThrownBy(() -> ChunkLimits.defaults().withMost(0))
        .hasMessage("a chunk must have 1 to 1,000 jobs: 0");
    assertThatThrownBy(() -> ChunkLimits.defaults().withLongest(Duration.ofMinutes(2)))
        .hasMessage("a chunk must be gathered in 0 to 60 seconds: PT2M");
  }
}
