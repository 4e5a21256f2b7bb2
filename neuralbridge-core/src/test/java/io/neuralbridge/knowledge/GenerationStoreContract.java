package io.neuralbridge.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.knowledge.Generation.State;
import io.neuralbridge.knowledge.GenerationStore.Walk;
import io.neuralbridge.testing.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link GenerationStore} does. A store passes when its subclass does. */
public abstract class GenerationStoreContract {

  protected final VirtualClock clock = new VirtualClock(Instant.parse("2026-03-01T12:00:00Z"));
  private GenerationStore generations;

  /** An empty store whose time is {@code clock}'s. */
  protected abstract KnowledgeStore newStore(InstantSource clock) throws Exception;

  @BeforeEach
  void openStore() throws Exception {
    generations = newStore(clock).generations();
  }

  @Test
  void theFirstGenerationIsActiveAtOnce() {
    assertThat(generations.all()).isEmpty();
    assertThat(generations.active()).isEmpty();

    Generation first = generations.activeOrNew("model-1", 3);

    assertThat(first)
        .isEqualTo(
            new Generation(
                first.id(),
                "model-1",
                3,
                "knowledge_" + first.id(),
                State.ACTIVE,
                false,
                clock.instant(),
                clock.instant(),
                null,
                null));
    assertThat(generations.activeOrNew("model-2", 4)).as("whatever its model").isEqualTo(first);
    assertThat(generations.all()).containsExactly(first);
  }

  @Test
  void oneGenerationIsBuiltAtATime() {
    Generation active = generations.activeOrNew("model-1", 3);

    Generation building = generations.buildingOrNew("model-2", 4);

    assertThat(building.state()).isEqualTo(State.BUILDING);
    assertThat(building.id()).isGreaterThan(active.id());
    assertThat(building.activatedAt()).isNull();
    assertThat(generations.buildingOrNew("model-3", 5)).isEqualTo(building);
    assertThat(generations.all()).containsExactly(active, building);
  }

  @Test
  void aSwitchRetiresTheOldAndActivatesTheNew() {
    Generation old = generations.activeOrNew("model-1", 3);
    Generation next = generations.buildingOrNew("model-2", 4);
    generations.setPaused(next.id(), true);
    generations.setError(next.id(), "too few");
    clock.advance(Duration.ofHours(1));

    assertThat(generations.activate(next.id())).isTrue();

    assertThat(generations.building()).isEmpty();
    Generation active = generations.active().orElseThrow();
    assertThat(active.id()).isEqualTo(next.id());
    assertThat(active.activatedAt()).isEqualTo(clock.instant());
    assertThat(active.error()).isNull();
    assertThat(active.paused()).isFalse();
    Generation retired = generations.find(old.id()).orElseThrow();
    assertThat(retired.state()).isEqualTo(State.RETIRED);
    assertThat(retired.retiredAt()).isEqualTo(clock.instant());
    assertThat(generations.activate(next.id())).as("it is active already").isFalse();
    assertThat(generations.activate(old.id())).as("it is not building").isFalse();
    assertThat(generations.active()).contains(active);
  }

  @Test
  void ofManyThatSwitchOneWins() throws Exception {
    generations.activeOrNew("model-1", 3);
    Generation next = generations.buildingOrNew("model-2", 4);

    assertThat(atOnce(() -> generations.activate(next.id()))).containsOnlyOnce(true);

    assertThat(generations.all())
        .extracting(Generation::state)
        .containsExactly(State.RETIRED, State.ACTIVE);
  }

  @Test
  void ofManyThatBeginAllGetTheSame() throws Exception {
    assertThat(atOnce(() -> generations.activeOrNew("model-1", 3).id()).stream().distinct())
        .hasSize(1);
    assertThat(atOnce(() -> generations.buildingOrNew("model-2", 4).id()).stream().distinct())
        .hasSize(1);
    assertThat(generations.all()).hasSize(2);
  }

  private static <T> List<T> atOnce(Supplier<T> work) throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    List<CompletableFuture<T>> results =
        IntStream.range(0, 4)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          await(go);
                          return work.get();
                        },
                        task -> new Thread(task).start()))
            .toList();
    go.countDown();
    return results.stream().map(CompletableFuture::join).toList();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aRetiredGenerationCanBeGoneBackTo() {
    Generation old = generations.activeOrNew("model-1", 3);
    Generation next = generations.buildingOrNew("model-2", 4);
    assertThat(generations.reopen(old.id())).as("it is active").isFalse();
    generations.activate(next.id());
    generations.saveWalk(old.id(), new Walk(null, 5));

    assertThat(generations.reopen(old.id())).isTrue();
    assertThat(generations.building().orElseThrow().retiredAt()).isNull();
    assertThat(generations.walk(old.id())).contains(Walk.FIRST);
    assertThat(generations.activate(old.id())).isTrue();

    assertThat(generations.active().orElseThrow().id()).isEqualTo(old.id());
    Generation third = generations.buildingOrNew("model-3", 3);
    assertThat(generations.reopen(next.id())).as("another is building").isFalse();
    assertThat(third.id()).isGreaterThan(next.id());
  }

  @Test
  void aBuildingGenerationCanBeGivenUpAndForgotten() {
    Generation active = generations.activeOrNew("model-1", 3);
    Generation building = generations.buildingOrNew("model-2", 4);
    assertThat(generations.cancel(active.id())).isFalse();
    assertThat(generations.forget(building.id())).as("in use").isFalse();

    assertThat(generations.cancel(building.id())).isTrue();
    assertThat(generations.cancel(building.id())).isFalse();
    assertThat(generations.activate(building.id())).isFalse();
    assertThat(generations.forget(building.id())).isTrue();
    assertThat(generations.forget(building.id())).isFalse();

    assertThat(generations.walk(building.id())).isEmpty();
    assertThat(generations.buildingOrNew("model-2", 4).id())
        .as("no id is given twice")
        .isGreaterThan(building.id());
  }

  @Test
  void aBuildingGenerationPausesAndGoesOn() {
    Generation active = generations.activeOrNew("model-1", 3);
    Generation building = generations.buildingOrNew("model-2", 4);

    assertThat(generations.setPaused(active.id(), true)).isFalse();
    assertThat(generations.setPaused(building.id(), true)).isTrue();
    assertThat(generations.building().orElseThrow().paused()).isTrue();
    assertThat(generations.setPaused(building.id(), false)).isTrue();
    assertThat(generations.building()).contains(building);
  }

  @Test
  void whatIsNotedOfAGenerationIsKept() {
    Generation building = generations.buildingOrNew("model-2", 4);
    assertThat(generations.walk(building.id())).contains(Walk.FIRST);

    generations.setError(building.id(), "it lacks 3 chunks \u0000");
    generations.saveWalk(building.id(), new Walk("doc-7", 100));
    assertThat(generations.walk(building.id())).contains(new Walk("doc-7", 100));
    generations.saveWalk(building.id(), new Walk(null, 100));

    assertThat(generations.walk(building.id())).contains(new Walk(null, 100));
    assertThat(generations.building().orElseThrow().error()).startsWith("it lacks 3 chunks");
    generations.setError(building.id(), null);
    assertThat(generations.building()).contains(building);
    generations.saveWalk(99, Walk.FIRST);
    assertThat(generations.walk(99)).isEmpty();
  }
}
