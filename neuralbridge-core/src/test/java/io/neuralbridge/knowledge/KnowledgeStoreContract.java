package io.neuralbridge.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.testing.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link KnowledgeStore} does. A store passes when its subclass does. */
public abstract class KnowledgeStoreContract {

  protected final VirtualClock clock = new VirtualClock(Instant.parse("2026-03-01T12:00:00Z"));
  private KnowledgeStore store;

  /** An empty store whose time is {@code clock}'s. */
  protected abstract KnowledgeStore newStore(InstantSource clock) throws Exception;

  @BeforeEach
  void openStore() throws Exception {
    store = newStore(clock);
  }

  @Test
  void aDocumentIsThereWhenItsRunIsComplete() {
    long run = store.beginRun("guide.md");
    store.saveChunks("guide.md", run, chunks("guide.md", "a", "b"));
    assertThat(store.document("guide.md")).isEmpty();

    assertThat(store.completeRun("guide.md", run, "print", 2)).isTrue();

    assertThat(store.document("guide.md"))
        .contains(new Document("guide.md", run, "print", 2, clock.instant(), null));
  }

  @Test
  void chunksComeBackAsTheyWereSaved() {
    Chunk chunk =
        new Chunk(
            id("guide.md", "x"),
            "guide.md",
            3,
            "Über > \uD83D\uDE80",
            "line one\nline \"two\" \\ ' ; --",
            Map.of("lang", "dé", "year", "2026"));
    long run = store.beginRun("guide.md");

    assertThat(store.saveChunks("guide.md", run, List.of(chunk))).isEqualTo(1);

    assertThat(store.chunk(chunk.id())).contains(chunk);
    assertThat(store.chunk("4711")).isEmpty();
    assertThat(store.chunks(List.of(chunk.id(), "4711"))).containsOnlyKeys(chunk.id());
    assertThat(store.chunks(List.of())).isEmpty();
  }

  @Test
  void onlyTheLatestRunGoesOn() {
    long older = store.beginRun("guide.md");
    long newer = store.beginRun("guide.md");

    assertThat(newer).isGreaterThan(older);
    assertThat(store.saveChunks("guide.md", older, chunks("guide.md", "a"))).isEqualTo(-1);
    assertThat(store.completeRun("guide.md", older, "print", 1)).isFalse();
    assertThat(store.chunk(id("guide.md", "a"))).isEmpty();
    assertThat(store.saveChunks("guide.md", newer, chunks("guide.md", "a"))).isEqualTo(1);
    assertThat(store.completeRun("guide.md", newer, "print", 1)).isTrue();
  }

  @Test
  void aRunOfARemovedDocumentIsVoid() {
    long run = store.beginRun("guide.md");
    remove("guide.md");
    long next = store.beginRun("guide.md");

    assertThat(next).isGreaterThan(run);
    assertThat(store.saveChunks("guide.md", run, chunks("guide.md", "a"))).isEqualTo(-1);
    assertThat(store.saveChunks("other.md", 99, chunks("other.md", "a"))).isEqualTo(-1);
    assertThat(store.completeRun("other.md", 99, "print", 1)).isFalse();
  }

  @Test
  void anIncompleteRunGivesNothingUp() {
    ingest("guide.md", "a", "b");
    long run = store.beginRun("guide.md");
    store.saveChunks("guide.md", run, chunks("guide.md", "c"));

    assertThat(store.vanished("guide.md", 10)).isEmpty();
    assertThat(store.document("guide.md").orElseThrow().chunks()).isEqualTo(2);
  }

  @Test
  void chunksThatTheContentNoLongerHasVanishWhenTheRunIsComplete() {
    ingest("guide.md", "a", "b", "c");
    ingest("guide.md", "b", "d");
    ingest("other.md", "a");

    assertThat(store.vanished("guide.md", 10))
        .containsExactlyInAnyOrder(id("guide.md", "a"), id("guide.md", "c"));
    assertThat(store.vanished("guide.md", 1)).hasSize(1);
    assertThat(store.chunk(id("guide.md", "a"))).as("still to be found").isPresent();

    store.removeVanished(
        "guide.md", List.of(id("guide.md", "a"), id("guide.md", "c"), id("guide.md", "d")));

    assertThat(store.vanished("guide.md", 10)).isEmpty();
    assertThat(store.chunk(id("guide.md", "a"))).isEmpty();
    assertThat(store.chunk(id("guide.md", "d"))).as("has not vanished").isPresent();
    assertThat(store.chunk(id("other.md", "a"))).isPresent();
  }

  @Test
  void aDocumentKnowsWhenItWasEmbeddedUntilItChanges() {
    ingest("guide.md", "a");
    clock.advance(Duration.ofMinutes(1));

    long run = store.document("guide.md").orElseThrow().run();
    store.markDocumentEmbedded("guide.md", run);
    assertThat(store.document("guide.md").orElseThrow().embeddedAt()).isEqualTo(clock.instant());

    ingest("guide.md", "b");
    store.markDocumentEmbedded("guide.md", run);
    assertThat(store.document("guide.md").orElseThrow().embeddedAt()).isNull();
  }

  @Test
  void whatALaterRunGaveUpIsNotAnEarlierOnesToRemove() {
    ingest("guide.md", "a", "b");
    ingest("guide.md", "b");
    long run = store.document("guide.md").orElseThrow().run();
    ingest("guide.md", "c");

    assertThat(store.giveUpVanished("guide.md", run, 10)).isEmpty();
    assertThat(store.giveUpVanished("other.md", run, 10)).isEmpty();
    assertThat(store.vanished("guide.md", 10)).hasSize(2);
  }

  @Test
  void removingADocumentRemovesItsChunksAndNoOthers() {
    ingest("guide.md", "a", "b");
    ingest("guide.md", "b");
    ingest("other.md", "a");

    remove("guide.md");

    assertThat(store.discard("guide.md")).isEmpty();
    assertThat(store.document("guide.md")).isEmpty();
    assertThat(store.chunk(id("guide.md", "b"))).isEmpty();
    assertThat(store.chunk(id("guide.md", "a"))).isEmpty();
    assertThat(store.chunk(id("other.md", "a"))).isPresent();
  }

  @Test
  void aDocumentThatIsIngestedDuringItsRemovalStays() {
    ingest("guide.md", "a", "b");
    long removal = store.discard("guide.md").orElseThrow();
    assertThat(store.document("guide.md").orElseThrow().chunks()).isZero();
    store.removeDocument("guide.md", removal);
    assertThat(store.document("guide.md")).as("has chunks yet").isPresent();

    ingest("guide.md", "b");
    store.removeVanished("guide.md", List.of(id("guide.md", "a"), id("guide.md", "b")));
    store.removeDocument("guide.md", removal);

    assertThat(store.chunk(id("guide.md", "b"))).isPresent();
    assertThat(store.vanished("guide.md", 10)).isEmpty();
  }

  @Test
  void documentsComeInPagesByName() {
    IntStream.range(0, 5).forEach(i -> ingest("doc-" + i, "a"));
    store.beginRun("doc-9");

    assertThat(store.documents("", 3))
        .extracting(Document::name)
        .containsExactly("doc-0", "doc-1", "doc-2");
    assertThat(store.documents("doc-2", 3))
        .extracting(Document::name)
        .containsExactly("doc-3", "doc-4");
    assertThat(store.documents("doc-4", 3)).isEmpty();
  }

  @Test
  void oneJobAtATimeHoldsADocument() {
    ingest("guide.md", "a");

    assertThat(store.lock("guide.md", 1, KnowledgeStore.NOBODY)).isEqualTo(1);
    assertThat(store.lock("guide.md", 1, KnowledgeStore.NOBODY)).as("its own").isEqualTo(1);
    assertThat(store.lock("guide.md", 2, KnowledgeStore.NOBODY)).as("taken").isEqualTo(1);
    assertThat(store.lock("guide.md", 2, 7)).as("taken by another").isEqualTo(1);
    assertThat(store.lock("guide.md", 2, 1)).as("taken over").isEqualTo(2);
    store.unlock("guide.md", 1);
    assertThat(store.lock("guide.md", 3, KnowledgeStore.NOBODY))
        .as("not 1's any more")
        .isEqualTo(2);
    store.unlock("guide.md", 2);
    assertThat(store.lock("guide.md", 3, KnowledgeStore.NOBODY)).isEqualTo(3);
  }

  private void remove(String document) {
    long run = store.discard(document).orElseThrow();
    store.removeVanished(document, store.giveUpVanished(document, run, 10));
    store.removeDocument(document, run);
  }

  private void ingest(String document, String... texts) {
    Chunks.ingest(store, document, texts);
  }

  private static List<Chunk> chunks(String document, String... texts) {
    return Chunks.of(document, texts);
  }

  private static String id(String document, String text) {
    return Chunks.id(document, text);
  }
}
