package io.neuralbridge.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.vector.VectorFilter;
import io.neuralbridge.vector.VectorMatch;
import io.neuralbridge.vector.VectorQuery;
import io.neuralbridge.vector.VectorRecord;
import io.neuralbridge.vector.VectorStore;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KnowledgeBaseTest {

  private final Lab lab = new Lab();
  private final KnowledgeBase knowledge = lab.knowledge;

  @BeforeEach
  void start() {
    lab.bridge.start();
  }

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void ingestingCutsAndStoresAndEmbedsNothing() {
    Ingestion ingestion = knowledge.ingest(Lab.paragraphs("zebras", "quails"), "animals.txt");

    assertThat(ingestion).isEqualTo(new Ingestion("animals.txt", 2, 2, 0, 0));
    assertThat(lab.model.embedded()).isEmpty();
    assertThat(knowledge.hasPending("animals.txt")).isTrue();
    assertThat(knowledge.search("zebras", 5)).isEmpty();
  }

  @Test
  void ingestingTheSameAgainChangesNothing() {
    knowledge.ingest(Lab.paragraphs("zebras", "quails"), "animals.txt");
    Document before = knowledge.document("animals.txt").orElseThrow();

    Ingestion again = knowledge.ingest(Lab.paragraphs("zebras", "quails"), "animals.txt");

    assertThat(again).isEqualTo(new Ingestion("animals.txt", 2, 0, 2, 0));
    assertThat(knowledge.document("animals.txt")).contains(before);
  }

  @Test
  void onlyWhatChangedIsEmbeddedAgainAndWhatVanishedIsRemovedAfterwards() throws Exception {
    embed(Lab.paragraphs("zebras", "quails", "foxes"));
    int calls = lab.model.embedded().size();

    Ingestion changed =
        knowledge.ingest(Lab.paragraphs("jaguars", "zebras", "quails"), "animals.txt");
    assertThat(changed).isEqualTo(new Ingestion("animals.txt", 3, 1, 2, 0));
    assertThat(documentsAbout("foxes")).as("still there until the new are in").isPositive();
    lab.awaitSettled(lab.embedJob.enqueueDocumentBatch("animals.txt"));

    assertThat(lab.model.embedded()).hasSize(calls + 1).last().asString().contains("jaguars");
    assertThat(lab.vectorCount()).isEqualTo(3);
    assertThat(documentsAbout("foxes")).isZero();
    assertThat(knowledge.hasPending("animals.txt")).isFalse();
    assertThat(knowledge.search("zebras", 1).get(0).position()).isEqualTo(1);
  }

  private long documentsAbout(String word) {
    return knowledge.search(word, 10).stream()
        .filter(hit -> hit.chunk().text().contains(word))
        .count();
  }

  @Test
  void aTextThatStandsTwiceIsTwoChunks() {
    Ingestion ingestion =
        knowledge.ingest(Lab.paragraphs("zebras", "zebras", "zebras"), "animals.txt");

    assertThat(ingestion.added()).isEqualTo(3);
  }

  @Test
  void theSameTextInTwoDocumentsBelongsToBoth() throws Exception {
    embed(Lab.paragraphs("zebras"));
    knowledge.ingest(Lab.paragraphs("zebras"), "copy.txt");
    lab.awaitSettled(lab.embedJob.enqueueDocumentBatch("copy.txt"));

    assertThat(knowledge.search("zebras", 5))
        .extracting(SearchHit::document)
        .containsExactlyInAnyOrder("animals.txt", "copy.txt");
  }

  @Test
  void searchReturnsTheNearestFirstWithDocumentAndPosition() throws Exception {
    embed(Lab.paragraphs("zebras", "quails", "foxes"));

    List<SearchHit> hits = knowledge.search("This paragraph is about foxes.", 2);

    assertThat(hits).hasSize(2);
    assertThat(hits.get(0).document()).isEqualTo("animals.txt");
    assertThat(hits.get(0).position()).isEqualTo(2);
    assertThat(hits.get(0).score()).isCloseTo(1f, within(1e-5f));
    assertThat(hits.get(0).score()).isGreaterThan(hits.get(1).score());
  }

  private static org.assertj.core.data.Offset<Float> within(float offset) {
    return org.assertj.core.data.Offset.offset(offset);
  }

  @Test
  void searchFiltersByMetadataAndDocument() throws Exception {
    knowledge.ingest(Lab.paragraphs("zebras"), "a.txt", Map.of("tenant", "one"));
    knowledge.ingest(Lab.paragraphs("zebras too"), "b.txt", Map.of("tenant", "two"));
    lab.awaitSettled(lab.embedJob.enqueueDocumentBatch("a.txt"));
    lab.awaitSettled(lab.embedJob.enqueueDocumentBatch("b.txt"));

    assertThat(knowledge.search("zebras", 5, VectorFilter.eq("tenant", "two")))
        .extracting(SearchHit::document)
        .containsExactly("b.txt");
    assertThat(knowledge.search("zebras", 5, VectorFilter.eq(KnowledgeBase.DOCUMENT, "a.txt")))
        .extracting(SearchHit::document)
        .containsExactly("a.txt");
  }

  @Test
  void searchPassesOverVectorsWhoseChunkIsGone() throws Exception {
    embed(Lab.paragraphs("zebras"));
    float[] query = new float[26];
    query['z' - 'a'] = 1;
    lab.vectors.upsert("knowledge_1", List.of(new VectorRecord("orphan", query, Map.of())));

    assertThat(knowledge.search("zzz", 1))
        .extracting(SearchHit::document)
        .containsExactly("animals.txt");
  }

  @Test
  void removingADocumentRemovesItsVectors() throws Exception {
    embed(Lab.paragraphs("zebras", "quails"));

    assertThat(knowledge.remove("animals.txt")).isTrue();

    assertThat(knowledge.remove("animals.txt")).isFalse();
    assertThat(lab.vectorCount()).isZero();
    assertThat(knowledge.documentNames()).isEmpty();
  }

  @Test
  void aVectorThatIsStoredDuringItsDocumentsRemovalIsRemovedToo() {
    knowledge.ingest(Lab.paragraphs("zebras"), "animals.txt");
    List<Chunk> pending = lab.pending("animals.txt", 1);
    VectorStore late = new EmbedsAfterDelete(lab.vectors, () -> lab.embed(pending));
    KnowledgeBase removing = new KnowledgeBase(lab.store, lab.model, late);

    assertThat(removing.remove("animals.txt")).isTrue();

    assertThat(lab.vectorCount()).isZero();
    assertThat(knowledge.documentNames()).isEmpty();
  }

  /** Vectors at which another thread writes as soon as some were deleted. */
  private record EmbedsAfterDelete(VectorStore vectors, Runnable embed) implements VectorStore {

    @Override
    public void upsert(String collection, Collection<VectorRecord> records) {
      vectors.upsert(collection, records);
    }

    @Override
    public int delete(String collection, Collection<String> ids) {
      int deleted = vectors.delete(collection, ids);
      embed.run();
      return deleted;
    }

    @Override
    public boolean drop(String collection) {
      return vectors.drop(collection);
    }

    @Override
    public List<VectorMatch> search(String collection, VectorQuery query) {
      return vectors.search(collection, query);
    }

    @Override
    public long count(String collection) {
      return vectors.count(collection);
    }

    @Override
    public List<String> collections() {
      return vectors.collections();
    }
  }

  @Test
  void anEmptyDocumentIsRefusedAndKeepsWhatWasThere() {
    knowledge.ingest(Lab.paragraphs("zebras"), "animals.txt");

    assertThatThrownBy(() -> knowledge.ingest(" \n\t ", "animals.txt"))
        .isInstanceOf(DocumentException.class)
        .hasMessageContaining("'animals.txt' has no text");

    assertThat(knowledge.document("animals.txt").orElseThrow().chunks()).isEqualTo(1);
    assertThat(lab.store.vanished("animals.txt", 10)).isEmpty();
  }

  @Test
  void aSourceThatFailsMidwayKeepsWhatWasThere() {
    knowledge.ingest(Lab.paragraphs("zebras"), "animals.txt");
    Document before = knowledge.document("animals.txt").orElseThrow();

    assertThatThrownBy(
            () -> knowledge.ingest(KnowledgeBaseTest::brokenReader, "animals.txt", Map.of()))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("animals.txt");

    assertThat(knowledge.document("animals.txt")).contains(before);
  }

  private static Reader brokenReader() {
    return new StringReader("a text that goes on for a while") {
      @Override
      public int read(char[] buffer, int offset, int length) throws IOException {
        throw new IOException("disk on fire");
      }
    };
  }

  @Test
  void aTextThatChangesBetweenTheTwoReadingsIsStoredAsItWasCut() throws Exception {
    List<String> versions = List.of(Lab.paragraphs("zebras"), Lab.paragraphs("quails"));
    int[] opened = {0};

    knowledge.ingest(() -> new StringReader(versions.get(opened[0]++)), "animals.txt", Map.of());

    assertThat(knowledge.ingest(Lab.paragraphs("quails"), "animals.txt").added()).isZero();
    assertThat(knowledge.ingest(Lab.paragraphs("zebras"), "animals.txt").added()).isEqualTo(1);
  }

  @Test
  void charactersThatCannotBeStoredAreReplacedAndCounted() {
    Ingestion ingestion = knowledge.ingest("a\u0000b and \uD800 c", "odd.txt");

    assertThat(ingestion.replacedCharacters()).isEqualTo(2);
    assertThat(lab.pending("odd.txt", 1).get(0).text()).isEqualTo("a\uFFFDb and \uFFFD c");
  }

  @Test
  void metadataThatChangeMakeAllChunksNew() {
    knowledge.ingest(Lab.paragraphs("zebras"), "animals.txt", Map.of("tenant", "one"));

    assertThat(
            knowledge
                .ingest(Lab.paragraphs("zebras"), "animals.txt", Map.of("tenant", "two"))
                .added())
        .isEqualTo(1);
  }

  @Test
  void metadataThatReadAlikeAreNotTheSame() {
    knowledge.ingest(Lab.paragraphs("zebras"), "animals.txt", Map.of("a", "1", "b", "2"));

    assertThat(
            knowledge
                .ingest(Lab.paragraphs("zebras"), "animals.txt", Map.of("a", "1, b=2"))
                .added())
        .isEqualTo(1);
  }

  @Test
  void badInputIsRefusedWithWhatToDo() {
    assertThatThrownBy(() -> knowledge.ingest("text", " ")).hasMessageContaining("1 to 500");
    assertThatThrownBy(() -> knowledge.ingest("text", "x".repeat(501)))
        .hasMessageContaining("1 to 500");
    assertThatThrownBy(() -> knowledge.ingest("text", "a.txt", Map.of("document", "x")))
        .hasMessageContaining("use another");
    Map<String, String> withoutValue = new HashMap<>();
    withoutValue.put("tenant", null);
    assertThatThrownBy(() -> knowledge.ingest("text", "a.txt", withoutValue))
        .hasMessageContaining("null");
    assertThatThrownBy(() -> knowledge.ingest("text", "a\uD800.txt"))
        .hasMessageContaining("cannot be stored");
    assertThatThrownBy(() -> knowledge.search("  ", 1)).hasMessageContaining("blank");
    assertThatThrownBy(() -> knowledge.search("zebras", 0)).hasMessageContaining("at least 1");
  }

  private void embed(String text) throws InterruptedException {
    knowledge.ingest(text, "animals.txt");
    lab.awaitSettled(lab.embedJob.enqueueDocumentBatch("animals.txt"));
  }
}
