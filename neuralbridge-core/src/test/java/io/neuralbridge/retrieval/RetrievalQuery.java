package io.neuralbridge.retrieval;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A question and the pages that answer it.
 *
 * @param number its line in the resource, from 0; even ones were used for tuning, odd ones not
 */
record RetrievalQuery(int number, String text, Set<String> pages) {
  private static final String RESOURCE = "queries.tsv";

  static List<RetrievalQuery> all() throws IOException {
    try (InputStream in = RetrievalQuery.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing");
      }
      List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      return IntStream.range(0, lines.size()).mapToObj(i -> parse(i, lines.get(i))).toList();
    }
  }

  private static RetrievalQuery parse(int number, String line) {
    String[] columns = line.split("\t", -1);
    return new RetrievalQuery(number, columns[0], Set.of(columns[1].split(",", -1)));
  }

  /** The same question, mistyped: the query's number is the seed, so every run errs alike. */
  RetrievalQuery misspelt() {
    return new RetrievalQuery(number, Typos.in(text, new Random(number)), pages);
  }

  /** Whether it belongs to the half that the model was not tuned on. */
  boolean heldOut() {
    return number % 2 == 1;
  }
}
