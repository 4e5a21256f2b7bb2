package io.neuralbridge.vector;

import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex;
import io.github.jbellis.jvector.graph.OnHeapGraphIndex;
import io.github.jbellis.jvector.graph.SearchResult;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.graph.similarity.SearchScoreProvider;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A graph that JVector built and has finished. */
final class JVectorGraph implements Graph {
  private final JVectorNodes nodes;
  private final ImmutableGraphIndex graph;

  JVectorGraph(JVectorNodes nodes, ImmutableGraphIndex graph) {
    this.nodes = nodes;
    this.graph = graph;
  }

  @Override
  public List<Row> nodes() {
    return nodes.rows();
  }

  @Override
  public long lastNumber() {
    return nodes.rows().get(nodes.size() - 1).number;
  }

  @Override
  public List<Row> nearest(float[] unitQuery, int count, int width, Predicate<Row> accepted) {
    SearchScoreProvider scores =
        DefaultSearchScoreProvider.exact(
            JVectorNodes.wrap(unitQuery), VectorSimilarityFunction.DOT_PRODUCT, nodes);
    try (GraphSearcher searcher = new GraphSearcher(graph)) {
      SearchResult result =
          searcher.search(
              scores, count, width, 0f, 0f, node -> accepted.test(nodes.rows().get(node)));
      List<Row> rows = new ArrayList<>(result.getNodes().length);
      for (SearchResult.NodeScore found : result.getNodes()) {
        rows.add(nodes.rows().get(found.node));
      }
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException("a search of the graph failed", e);
    }
  }

  // Deprecated for JVector's files of finished graphs, which cannot grow any more.
  @Override
  @SuppressWarnings("deprecation")
  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ((OnHeapGraphIndex) graph).save(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException("a graph could not be written to memory", e);
    }
    return bytes.toByteArray();
  }
}
