package io.neuralbridge.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.embedding.EmbeddingModel;
import io.neuralbridge.embedding.InputType;
import io.neuralbridge.knowledge.EmbedJob.ReprocessArgs;
import io.neuralbridge.testing.TestBridge;
import io.neuralbridge.testing.VirtualClock;
import io.neuralbridge.text.ChunkSize;
import io.neuralbridge.vector.ExactVectorStore;
import io.neuralbridge.vector.VectorMatch;
import io.neuralbridge.vector.VectorQuery;
import io.neuralbridge.vector.VectorStore;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/**
 * A process dies at every step of embedding, before it and after it, and another goes on. Then each
 * chunk has exactly one vector, the ledger says so, nothing else is left, and no more was paid than
 * what was in flight.
 */
class CrashOrderTest {

  private static final String DOCUMENT = "manual.txt";
  private static final int BATCH = 2;
  private static final String[] FIRST = {"ants", "bees", "cats", "dogs", "eels"};
  private static final String[] SECOND = {"bees", "dogs", "foxes", "gnus", "hens"};

  /** What outlives processes. */
  private static final class World {
    final KnowledgeStore store = new InMemoryKnowledgeStore(new VirtualClock(TestBridge.START));
    final VectorStore vectors = new ExactVectorStore();
    final Lab.WatchedModel model = new Lab.WatchedModel("watched", BATCH);

    World() {
      ingestAndEmbed(FIRST, MortalProcess.thatLives());
    }

    KnowledgeBase seenBy(MortalProcess process) {
      return new KnowledgeBase(
          process.watch(KnowledgeStore.class, store),
          process.watch(EmbeddingModel.class, model),
          process.watch(VectorStore.class, vectors),
          ChunkSize.characters(40, 0));
    }

    void ingestAndEmbed(String[] words, MortalProcess process) {
      seenBy(MortalProcess.thatLives()).ingest(Lab.paragraphs(words), DOCUMENT);
      EmbedJob job = new EmbedJob(seenBy(process));
      try (TestBridge bridge = TestBridge.of(builder -> builder.install(job))) {
        job.enqueueDocumentBatch(DOCUMENT);
        bridge.drain();
      }
    }

    void reprocess(MortalProcess process) {
      EmbedJob job = new EmbedJob(seenBy(process)).withKeepRetired(Duration.ZERO);
      try (TestBridge bridge = TestBridge.of(builder -> builder.install(job))) {
        if (store.generations().active().orElseThrow().id() == 1) {
          job.enqueueReprocessAll();
        } else {
          bridge.jobs().enqueue(EmbedJob.REPROCESS_ALL.request(new ReprocessArgs(2, true)));
        }
        bridge.advance(Duration.ofMinutes(2));
      } catch (MortalProcess.Death e) {
        // While it enqueued.
      }
    }

    void assertWhole(String when, int generation) {
      Generation active = store.generations().active().orElseThrow();
      assertThat(active.id()).as(when).isEqualTo(generation);
      assertThat(store.generations().all()).as(when).containsExactly(active);
      assertThat(store.vanished(DOCUMENT, 10)).as(when).isEmpty();
      assertThat(store.ledger().marks(active.id()))
          .as(when)
          .isEqualTo(new EmbeddingLedger.Marks(5, 0));
      assertThat(vectors.collections()).as(when).containsExactly(active.collection());
      VectorQuery all =
          VectorQuery.of(model.embed(List.of("a"), InputType.QUERY).vectors().get(0), 99);
      assertThat(vectors.search(active.collection(), all))
          .as(when)
          .extracting(VectorMatch::id)
          .containsExactlyInAnyOrderElementsOf(
              store.ledger().entries(active, DOCUMENT, null, 99).stream()
                  .map(LedgerEntry::chunkId)
                  .toList());
    }
  }

  @Test
  void aNewVersionIsEmbeddedWhole() {
    dieAtEveryStep((world, process) -> world.ingestAndEmbed(SECOND, process), 3, 1);
  }

  @Test
  void aNewGenerationIsBuiltWhole() {
    dieAtEveryStep(World::reprocess, FIRST.length, 2);
  }

  private static void dieAtEveryStep(
      BiConsumer<World, MortalProcess> work, int needed, int generation) {
    MortalProcess counting = MortalProcess.thatLives();
    work.accept(new World(), counting);
    assertThat(counting.steps()).isGreaterThan(8);
    for (int step = 1; step <= counting.steps(); step++) {
      for (boolean afterwards : new boolean[] {false, true}) {
        String when = "step %d, dead afterwards: %s".formatted(step, afterwards);
        World world = new World();
        int paid = world.model.embedded().size();

        work.accept(world, MortalProcess.dyingAt(step, afterwards));
        work.accept(world, MortalProcess.thatLives());

        world.assertWhole(when, generation);
        assertThat(world.model.embedded().size() - paid)
            .as(when)
            .isLessThanOrEqualTo(needed + BATCH);
      }
    }
  }
}
