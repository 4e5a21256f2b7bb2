package io.neuralbridge.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.embedding.LocalEmbeddingModel;
import java.io.IOException;
import java.util.List;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The built-in model against the better of two BM25s; {@code docs/retrieval.md} has the method. */
class RetrievalTest {
  private static final double ALLOWED_LOSS = 0.05;

  private static List<RetrievalQuery> plain;
  private static List<RetrievalQuery> misspelt;
  private static Ranker local;
  private static List<Ranker> references;

  @BeforeAll
  static void index() throws IOException {
    List<Passage> passages = CamelDocs.passages();
    plain = RetrievalQuery.all();
    misspelt = plain.stream().map(RetrievalQuery::misspelt).toList();
    local = new StoreRanker(LocalEmbeddingModel.create(), passages);
    references =
        List.of(
            new LuceneRanker(new StandardAnalyzer(), passages),
            new LuceneRanker(new EnglishAnalyzer(), passages));
  }

  @Test
  void theTestIsLargeEnoughToMeanSomething() throws IOException {
    assertThat(plain).hasSizeGreaterThanOrEqualTo(100);
    assertThat(CamelDocs.passages()).hasSizeGreaterThan(1500);
  }

  @Test
  void everyQuestionHasAnAnswerInTheCorpus() throws IOException {
    List<String> pages = CamelDocs.passages().stream().map(Passage::page).distinct().toList();

    assertThat(plain).allSatisfy(query -> assertThat(pages).containsAll(query.pages()));
  }

  @Test
  void everyMisspeltQuestionDiffersFromThePlainOneAndIsTheSameInEveryRun() {
    assertThat(misspelt)
        .allSatisfy(query -> assertThat(query).isNotEqualTo(plain.get(query.number())))
        .isEqualTo(plain.stream().map(RetrievalQuery::misspelt).toList());
  }

  @Test
  void theLocalModelFindsAboutAsMuchAsBm25WhenQuestionsAreSpeltWell() {
    assertThat(recallAt5(local, plain)).isGreaterThanOrEqualTo(best(plain) - ALLOWED_LOSS);
  }

  @Test
  void theLocalModelFindsMoreThanBm25WhenQuestionsAreMisspelt() {
    assertThat(recallAt5(local, misspelt)).isGreaterThan(best(misspelt));
  }

  private static double best(List<RetrievalQuery> queries) {
    return references.stream().mapToDouble(each -> recallAt5(each, queries)).max().orElseThrow();
  }

  private static double recallAt5(Ranker ranker, List<RetrievalQuery> queries) {
    return Scores.of(ranker, queries).recallAt5();
  }
}
