package io.neuralbridge.vector;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How much of what one vector finds another finds too. */
final class HeldOutRecall {
  private static final String CORPUS = "corpus";

  private final ExactVectorStore store = new ExactVectorStore();
  private final int k;

  HeldOutRecall(List<float[]> corpus, int k) {
    this.k = k;
    store.upsert(
        CORPUS,
        IntStream.range(0, corpus.size())
            .mapToObj(i -> new VectorRecord("v" + i, corpus.get(i), Map.of()))
            .toList());
  }

  double of(float[] actual, float[] expected) {
    Set<String> wanted = nearest(expected);
    Set<String> found = new HashSet<>(nearest(actual));
    found.retainAll(wanted);
    return (double) found.size() / wanted.size();
  }

  private Set<String> nearest(float[] vector) {
    return store.search(CORPUS, VectorQuery.of(vector, k)).stream()
        .map(VectorMatch::id)
        .collect(Collectors.toSet());
  }
}
