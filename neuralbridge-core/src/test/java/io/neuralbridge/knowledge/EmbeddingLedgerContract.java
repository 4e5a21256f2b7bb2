package io.neuralbridge.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.knowledge.EmbeddingLedger.Marks;
import io.neuralbridge.testing.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link EmbeddingLedger} does. A store passes when its subclass does. */
public abstract class EmbeddingLedgerContract {

  private static final String DOC = "guide.md";

  protected final VirtualClock clock = new VirtualClock(Instant.parse("2026-03-01T12:00:00Z"));
  private KnowledgeStore store;
  private EmbeddingLedger ledger;
  private Generation active;
  private Generation building;

  /** An empty store whose time is {@code clock}'s. */
  protected abstract KnowledgeStore newStore(InstantSource clock) throws Exception;

  @BeforeEach
  void openStore() throws Exception {
    store = newStore(clock);
    ledger = store.ledger();
    active = store.generations().activeOrNew("model-1", 3);
    building = store.generations().buildingOrNew("model-2", 4);
  }

  @Test
  void aChunkIsPendingInEachGenerationUntilItIsMarkedThere() {
    ingest("a", "b", "c", "d");
    embed(active, "b");
    assertThat(ledger.begin(building.id(), ids("a"))).isTrue();

    assertThat(pending(active)).containsExactly(0, 2, 3);
    assertThat(positions(ledger.pending(active.id(), DOC, -1, 2))).containsExactly(0, 2);
    assertThat(positions(ledger.pending(active.id(), DOC, 2, 10))).containsExactly(3);
    assertThat(pending(building)).as("begun, no more").containsExactly(0, 1, 2, 3);
    assertThat(ledger.pending(Generation.NONE, DOC, -1, 10)).hasSize(4);
    assertThat(ledger.pending(active.id(), "other.md", -1, 10)).isEmpty();
    assertThat(ledger.embedded(active.id(), ids("a", "b"))).containsExactly(id("b"));
    assertThat(ledger.embedded(building.id(), ids("a", "b"))).isEmpty();
  }

  @Test
  void pendingChunksComeWithWhatTheySay() {
    ingest("a");

    assertThat(ledger.pending(active.id(), DOC, -1, 10)).isEqualTo(Chunks.of(DOC, "a"));
  }

  @Test
  void anEntryTellsAChunksWholeStory() {
    ingest("a", "b");
    String hash = Chunks.of(DOC, "a").get(0).contentHash();
    assertThat(entry("a", active))
        .isEqualTo(entry("a", 0, hash, EmbeddingStatus.WAITING, 0, 0, null, null));

    ledger.begin(active.id(), ids("a"));
    ledger.markFailed(active.id(), Map.of(id("a"), "no answer \u0000"));
    assertThat(entry("a", active).status()).isEqualTo(EmbeddingStatus.FAILED);
    assertThat(entry("a", active).error()).startsWith("no answer");

    ledger.begin(active.id(), ids("a", "b"));
    assertThat(entry("a", active).status()).isEqualTo(EmbeddingStatus.IN_PROGRESS);
    assertThat(ledger.markEmbedded(active.id(), Map.of(id("a"), 7))).containsExactly(id("a"));

    assertThat(entry("a", active))
        .isEqualTo(entry("a", 0, hash, EmbeddingStatus.EMBEDDED, 7, 2, null, clock.instant()));
    assertThat(entry("a", building).status()).isEqualTo(EmbeddingStatus.WAITING);
  }

  @Test
  void theSameTextHasTheSameHashInWhateverDocument() {
    ingest("a");
    Chunks.ingest(store, "other.md", "x", "a");

    assertThat(ledger.entries(active, "other.md", null, 10))
        .extracting(LedgerEntry::contentHash)
        .contains(entry("a", active).contentHash())
        .doesNotHaveDuplicates();
  }

  @Test
  void entriesComeInPagesByPosition() {
    ingest("a", "b", "c", "d", "e");

    List<LedgerEntry> first = ledger.entries(active, DOC, null, 2);
    List<LedgerEntry> second = ledger.entries(active, DOC, first.get(1), 2);
    List<LedgerEntry> third = ledger.entries(active, DOC, second.get(1), 2);

    assertThat(Stream.of(first, second, third).flatMap(List::stream))
        .extracting(LedgerEntry::position)
        .containsExactly(0, 1, 2, 3, 4);
    assertThat(ledger.entries(active, DOC, third.get(0), 2)).isEmpty();
  }

  @Test
  void aKnownChunkKeepsItsVectorsWhereverItMoves() {
    ingest("a", "b");
    embed(active, "b");
    embed(building, "a");

    assertThat(Chunks.ingest(store, DOC, "new", "a", "b")).isEqualTo(1);

    assertThat(pending(active)).containsExactly(0, 1);
    assertThat(pending(building)).containsExactly(0, 2);
  }

  @Test
  void vanishedChunksAreNeitherPendingNorMarkedNorCounted() {
    ingest("a", "b");
    embed(active, "b");
    ledger.begin(active.id(), ids("a"));
    ingest("b");

    assertThat(pending(active)).isEmpty();
    assertThat(ledger.markEmbedded(active.id(), Map.of(id("a"), 1))).isEmpty();
    assertThat(ledger.stats(active.id())).isEqualTo(new KnowledgeStats(1, 1, 1, 0, 1));
    assertThat(ledger.entries(active, DOC, null, 10)).hasSize(1);
  }

  @Test
  void aChunkThatComesBackAfterItWasGivenUpIsPendingInAllGenerations() {
    ingest("a", "b");
    embed(active, "a", "b");
    embed(building, "a", "b");
    ingest("b");
    long run = store.document(DOC).orElseThrow().run();

    assertThat(store.giveUpVanished(DOC, run, 10)).containsExactly(id("a"));
    ingest("a", "b");
    store.removeVanished(DOC, ids("a"));

    assertThat(pending(active)).containsExactly(0);
    assertThat(pending(building)).containsExactly(0);
  }

  @Test
  void whatIsGoneIsNotBegunAndNotMarked() {
    assertThat(ledger.begin(active.id(), List.of("4711"))).isTrue();
    assertThat(ledger.markEmbedded(active.id(), Map.of("4711", 1))).isEmpty();
    ledger.markFailed(active.id(), Map.of("4711", "x"));
    assertThat(ledger.marks(active.id())).isEqualTo(new Marks(0, 0));

    ingest("a");
    assertThat(ledger.markEmbedded(active.id(), Map.of(id("a"), 1))).as("not begun").isEmpty();
  }

  @Test
  void removedChunksLeaveNoEntry() {
    ingest("a");
    embed(active, "a");
    ledger.begin(building.id(), ids("a"));
    long run = store.discard(DOC).orElseThrow();

    store.removeVanished(DOC, ids("a"));
    store.removeDocument(DOC, run);

    assertThat(ledger.marks(active.id())).isEqualTo(new Marks(0, 0));
    assertThat(ledger.marks(building.id())).isEqualTo(new Marks(0, 0));
  }

  @Test
  void aGenerationThatIsRetiredTakesNothingMore() {
    ingest("a", "b");
    ledger.begin(building.id(), ids("a"));
    store.generations().cancel(building.id());

    assertThat(ledger.begin(building.id(), ids("b"))).isFalse();
    assertThat(ledger.begin(99, ids("b"))).isFalse();
    assertThat(ledger.marks(building.id())).isEqualTo(new Marks(0, 1));
  }

  @Test
  void aRetiredGenerationIsForgottenBitByBit() {
    ingest("a", "b", "c");
    embed(active, "a", "b", "c");
    embed(building, "a", "b", "c");
    assertThat(ledger.forgetSome(building.id(), "", 2)).as("in use").isEmpty();
    store.generations().cancel(building.id());

    String last = ledger.forgetSome(building.id(), "", 2).orElseThrow();
    assertThat(store.generations().forget(building.id())).as("one is left").isFalse();
    assertThat(ledger.forgetSome(building.id(), last, 2)).isPresent();
    assertThat(ledger.forgetSome(building.id(), "", 2)).isEmpty();

    assertThat(store.generations().forget(building.id())).isTrue();
    assertThat(store.generations().all()).containsExactly(active);
    assertThat(ledger.stats(active.id()).embedded()).isEqualTo(3);
  }

  @Test
  void whatIsForgottenIsPendingAgain() {
    ingest("a", "b");
    embed(active, "a", "b");
    embed(building, "a");

    ledger.forget(active.id(), ids("a"));

    assertThat(pending(active)).containsExactly(0);
    assertThat(pending(building)).containsExactly(1);
  }

  @Test
  void statsCountOnlyWhatIsCompleteAndCurrent() {
    assertThat(ledger.stats(active.id())).isEqualTo(new KnowledgeStats(0, 0, 0, 0, 0));
    ingest("a", "b");
    ingest("b", "c", "d");
    store.saveChunks("begun.md", store.beginRun("begun.md"), Chunks.of("begun.md", "a"));
    embed(active, "b");
    ledger.begin(active.id(), ids("c", "d"));
    ledger.markFailed(active.id(), Map.of(id("c"), "x"));

    assertThat(ledger.stats(active.id())).isEqualTo(new KnowledgeStats(1, 3, 1, 1, 1));
    assertThat(ledger.stats(active.id()).pending()).isEqualTo(2);
    assertThat(ledger.stats(Generation.NONE)).isEqualTo(new KnowledgeStats(1, 3, 0, 0, 0));
    assertThat(ledger.marks(active.id())).isEqualTo(new Marks(1, 1));
  }

  @Test
  void documentsWithPendingChunksComeByName() {
    for (int i = 0; i < 6; i++) {
      Chunks.ingest(store, "doc-" + i, "a", "b");
    }
    ledger.begin(active.id(), Chunks.ids("doc-2", "a", "b"));
    ledger.markEmbedded(
        active.id(),
        Chunks.ids("doc-2", "a", "b").stream()
            .collect(Collectors.toMap(Function.identity(), id -> 1)));

    assertThat(ledger.pendingDocuments(active.id(), "", null, 3))
        .containsExactly("doc-0", "doc-1", "doc-3");
    assertThat(ledger.pendingDocuments(active.id(), "doc-1", "doc-4", 9))
        .containsExactly("doc-3", "doc-4");
    assertThat(ledger.pendingDocuments(active.id(), "doc-5", null, 9)).isEmpty();
    assertThat(ledger.pendingDocuments(building.id(), "doc-1", "doc-2", 9))
        .containsExactly("doc-2");
  }

  @Test
  void aGenerationLacksWhatAnotherHas() {
    ingest("a", "b", "c");
    embed(active, "a", "b");
    embed(building, "b", "c");

    assertThat(ledger.lacking(building.id(), active.id())).isEqualTo(1);
    embed(building, "a");
    assertThat(ledger.lacking(building.id(), active.id())).isZero();
    assertThat(ledger.lacking(active.id(), building.id())).isEqualTo(1);
  }

  @Test
  void whatWasEmbeddedLatelyIsCounted() {
    ingest("a", "b");
    embed(active, "a");
    clock.advance(Duration.ofMinutes(1));
    embed(active, "b");
    clock.advance(Duration.ofSeconds(10));

    assertThat(ledger.embeddedWithin(active.id(), Duration.ofSeconds(30))).isEqualTo(1);
    assertThat(ledger.embeddedWithin(active.id(), Duration.ofMinutes(5))).isEqualTo(2);
    assertThat(ledger.embeddedWithin(building.id(), Duration.ofMinutes(5))).isZero();
  }

  private void ingest(String... texts) {
    Chunks.ingest(store, DOC, texts);
  }

  private void embed(Generation generation, String... texts) {
    assertThat(ledger.begin(generation.id(), ids(texts))).isTrue();
    Map<String, Integer> tokens =
        ids(texts).stream().collect(Collectors.toMap(Function.identity(), id -> 1));
    assertThat(ledger.markEmbedded(generation.id(), tokens))
        .containsExactlyInAnyOrderElementsOf(ids(texts));
  }

  private LedgerEntry entry(String text, Generation generation) {
    return ledger.entries(generation, DOC, null, 100).stream()
        .filter(entry -> entry.chunkId().equals(id(text)))
        .findFirst()
        .orElseThrow();
  }

  private LedgerEntry entry(
      String text,
      int position,
      String hash,
      EmbeddingStatus status,
      int tokens,
      int attempts,
      String error,
      Instant at) {
    return new LedgerEntry(
        id(text), DOC, position, hash, active.id(), "model-1", status, tokens, attempts, error, at);
  }

  private List<Integer> pending(Generation generation) {
    return positions(ledger.pending(generation.id(), DOC, -1, 10));
  }

  private static List<Integer> positions(List<Chunk> chunks) {
    return chunks.stream().map(Chunk::position).toList();
  }

  private static List<String> ids(String... texts) {
    return Chunks.ids(DOC, texts);
  }

  private static String id(String text) {
    return Chunks.id(DOC, text);
  }
}
