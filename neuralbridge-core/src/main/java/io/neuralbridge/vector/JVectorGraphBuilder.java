package io.neuralbridge.vector;

import io.github.jbellis.jvector.disk.ByteBufferReader;
import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Builds graphs with JVector. A finished graph is frozen, which makes its searches fast; more rows
 * are added to a copy.
 */
final class JVectorGraphBuilder implements Graph.Builder {
  private static final float NEIGHBOR_OVERFLOW = 1.2f;
  private static final float ALPHA = 1.2f;

  private final HnswSettings settings;
  private final ForkJoinPool threads;

  JVectorGraphBuilder(HnswSettings settings) {
    this.settings = settings;
    threads = new ForkJoinPool(settings.buildThreads());
  }

  @Override
  public @Nullable Graph build(@Nullable Graph base, List<Row> more, BooleanSupplier stopped) {
    List<Row> rows = new ArrayList<>(base == null ? List.of() : base.nodes());
    int known = rows.size();
    rows.addAll(more);
    JVectorNodes nodes = new JVectorNodes(rows);
    try (GraphIndexBuilder builder = builder(nodes)) {
      if (base != null) {
        load(builder, base.toBytes());
      }
      add(builder, nodes, known, stopped);
      if (stopped.getAsBoolean()) {
        return null;
      }
      builder.cleanup();
      return new JVectorGraph(nodes, builder.getGraph());
    } catch (IOException e) {
      throw new UncheckedIOException("a graph could not be built", e);
    }
  }

  private void add(
      GraphIndexBuilder builder, JVectorNodes nodes, int from, BooleanSupplier stopped) {
    threads
        .submit(
            () ->
                IntStream.range(from, nodes.size())
                    .parallel()
                    .filter(node -> !stopped.getAsBoolean())
                    .forEach(node -> builder.addGraphNode(node, nodes.getVector(node))))
        .join();
  }

  @Override
  public Graph restore(List<Row> rows, byte[] edges) {
    JVectorNodes nodes = new JVectorNodes(rows);
    try (GraphIndexBuilder builder = builder(nodes)) {
      load(builder, edges);
      builder.cleanup();
      return new JVectorGraph(nodes, builder.getGraph());
    } catch (IOException e) {
      throw new UncheckedIOException("a graph could not be read", e);
    }
  }

  // Deprecated for JVector's files of finished graphs, which cannot grow any more.
  @SuppressWarnings("deprecation")
  private static void load(GraphIndexBuilder builder, byte[] edges) throws IOException {
    builder.load(new ByteBufferReader(ByteBuffer.wrap(edges)));
  }

  // The builder in its place reads one of these parameters from a JMX bean.
  @SuppressWarnings("deprecation")
  private GraphIndexBuilder builder(JVectorNodes nodes) {
    BuildScoreProvider scores =
        BuildScoreProvider.randomAccessScoreProvider(nodes, VectorSimilarityFunction.DOT_PRODUCT);
    return new GraphIndexBuilder(
        scores,
        nodes.dimension(),
        settings.connections(),
        settings.buildWidth(),
        NEIGHBOR_OVERFLOW,
        ALPHA,
        true,
        false,
        threads,
        threads);
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
