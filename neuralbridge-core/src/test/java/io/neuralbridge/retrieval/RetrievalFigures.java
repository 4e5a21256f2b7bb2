package io.neuralbridge.retrieval;

import io.neuralbridge.embedding.LocalEmbeddingModel;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;

/** Prints the table of {@code docs/retrieval.md}. */
final class RetrievalFigures {
  private static final Map<String, Predicate<RetrievalQuery>> PARTS = new LinkedHashMap<>();

  static {
    PARTS.put("tuning half", query -> !query.heldOut());
    PARTS.put("held-out half", RetrievalQuery::heldOut);
    PARTS.put("all", query -> true);
  }

  private RetrievalFigures() {}

  static Map<String, Ranker> rankers(List<Passage> passages) throws IOException {
    Map<String, Ranker> rankers = new LinkedHashMap<>();
    rankers.put("BM25, StandardAnalyzer", new LuceneRanker(new StandardAnalyzer(), passages));
    rankers.put("BM25, EnglishAnalyzer", new LuceneRanker(new EnglishAnalyzer(), passages));
    for (int dimensions : new int[] {384, 512, 768, 1024, 1536}) {
      LocalEmbeddingModel model = LocalEmbeddingModel.create().withDimensions(dimensions);
      rankers.put("`" + model.modelId() + "`", new StoreRanker(model, passages));
    }
    return rankers;
  }

  public static void main(String[] args) throws IOException {
    List<Passage> passages = CamelDocs.passages();
    List<RetrievalQuery> plain = RetrievalQuery.all();
    List<RetrievalQuery> misspelt = plain.stream().map(RetrievalQuery::misspelt).toList();
    System.out.println(passages.size() + " passages, " + plain.size() + " questions");
    rankers(passages)
        .forEach(
            (name, ranker) ->
                PARTS.forEach(
                    (part, filter) ->
                        System.out.printf(
                            "| %s | %s | %s | %s |%n",
                            name,
                            part,
                            row(ranker, plain.stream().filter(filter).toList()),
                            row(ranker, misspelt.stream().filter(filter).toList()))));
  }

  private static String row(Ranker ranker, List<RetrievalQuery> queries) {
    Scores scores = Scores.of(ranker, queries);
    return String.format(
        Locale.ROOT, "%.3f | %.3f | %.3f", scores.recallAt1(), scores.recallAt5(), scores.mrr());
  }
}
