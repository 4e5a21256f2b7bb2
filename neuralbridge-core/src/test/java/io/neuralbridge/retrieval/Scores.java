package io.neuralbridge.retrieval;

import java.util.List;

/**
 * How a ranker did on a set of questions, each 0 to 1, averaged over the questions.
 *
 * @param recallAt1 a relevant page has the best passage
 * @param recallAt5 a relevant page has one of the five best passages
 * @param mrr 1 / rank of the first relevant passage among the ten best, 0 where none is
 */
record Scores(int questions, double recallAt1, double recallAt5, double mrr) {
  private static final int DEPTH = 10;

  static Scores of(Ranker ranker, List<RetrievalQuery> queries) {
    int at1 = 0;
    int at5 = 0;
    double reciprocal = 0;
    for (RetrievalQuery query : queries) {
      int rank = rank(ranker, query);
      at1 += rank == 1 ? 1 : 0;
      at5 += rank <= 5 ? 1 : 0;
      reciprocal += rank <= DEPTH ? 1.0 / rank : 0;
    }
    double n = queries.size();
    return new Scores(queries.size(), at1 / n, at5 / n, reciprocal / n);
  }

  private static int rank(Ranker ranker, RetrievalQuery query) {
    List<String> pages = ranker.rank(query.text(), DEPTH);
    for (int i = 0; i < pages.size(); i++) {
      if (query.pages().contains(pages.get(i))) {
        return i + 1;
      }
    }
    return Integer.MAX_VALUE;
  }
}
