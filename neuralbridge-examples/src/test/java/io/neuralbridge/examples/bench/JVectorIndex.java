package io.neuralbridge.examples.bench;

import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex;
import io.github.jbellis.jvector.graph.ListRandomAccessVectorValues;
import io.github.jbellis.jvector.graph.RandomAccessVectorValues;
import io.github.jbellis.jvector.graph.SearchResult.NodeScore;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.util.Bits;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import io.github.jbellis.jvector.vector.types.VectorTypeSupport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** JVector as its own guide uses it. */
final class JVectorIndex implements HnswBenchmark.Index {
  private static final VectorTypeSupport TYPES =
      VectorizationProvider.getInstance().getVectorTypeSupport();

  private final RandomAccessVectorValues values;
  private final ImmutableGraphIndex graph;
  private final GraphSearcher searcher;

  // The builder in its place reads one of these parameters from a JMX bean.
  @SuppressWarnings("deprecation")
  JVectorIndex(List<float[]> vectors) throws IOException {
    List<VectorFloat<?>> wrapped =
        vectors.stream().<VectorFloat<?>>map(TYPES::createFloatVector).toList();
    values = new ListRandomAccessVectorValues(wrapped, vectors.get(0).length);
    try (GraphIndexBuilder builder =
        new GraphIndexBuilder(
            values,
            VectorSimilarityFunction.DOT_PRODUCT,
            HnswBenchmark.CONNECTIONS,
            HnswBenchmark.BUILD_WIDTH,
            1.2f,
            1.2f,
            true)) {
      graph = builder.build(values);
    }
    searcher = new GraphSearcher(graph);
  }

  @Override
  public String name() {
    return "JVector";
  }

  @Override
  public Set<Integer> search(float[] query, int width) {
    DefaultSearchScoreProvider scores =
        DefaultSearchScoreProvider.exact(
            TYPES.createFloatVector(query), VectorSimilarityFunction.DOT_PRODUCT, values);
    NodeScore[] nodes =
        searcher.search(scores, HnswBenchmark.K, width, 0f, 0f, Bits.ALL).getNodes();
    return Arrays.stream(nodes).map(found -> found.node).collect(Collectors.toSet());
  }

  @Override
  public void close() {
    try {
      searcher.close();
      graph.close();
    } catch (IOException e) {
      throw new UncheckedIOException("a graph could not be closed", e);
    }
  }
}
