package io.neuralbridge.vector;

/**
 * How an {@link HnswVectorStore} builds and searches its graphs.
 *
 * @param graphThreshold collections of fewer records are scanned exactly; 20,000 by default
 * @param connections edges a record has at most; 16 by default
 * @param buildWidth candidates looked at to place a record; 100 by default
 * @param searchWidth candidates looked at by a search, or twice its {@code k} if that is more; 100
 *     by default
 * @param buildThreads threads that build, at most; half of the processors by default
 */
public record HnswSettings(
    int graphThreshold, int connections, int buildWidth, int searchWidth, int buildThreads) {

  public HnswSettings {
    requirePositive("graphThreshold", graphThreshold);
    if (connections < 2 || connections > 512) {
      throw new IllegalArgumentException("connections must be 2 to 512: " + connections);
    }
    requirePositive("buildWidth", buildWidth);
    requirePositive("searchWidth", searchWidth);
    requirePositive("buildThreads", buildThreads);
  }

  /** The defaults. */
  public static HnswSettings defaults() {
    int half = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    return new HnswSettings(20_000, 16, 100, 100, half);
  }

  public HnswSettings withGraphThreshold(int records) {
    return new HnswSettings(records, connections, buildWidth, searchWidth, buildThreads);
  }

  public HnswSettings withConnections(int edges) {
    return new HnswSettings(graphThreshold, edges, buildWidth, searchWidth, buildThreads);
  }

  public HnswSettings withBuildWidth(int candidates) {
    return new HnswSettings(graphThreshold, connections, candidates, searchWidth, buildThreads);
  }

  public HnswSettings withSearchWidth(int candidates) {
    return new HnswSettings(graphThreshold, connections, buildWidth, candidates, buildThreads);
  }

  public HnswSettings withBuildThreads(int threads) {
    return new HnswSettings(graphThreshold, connections, buildWidth, searchWidth, threads);
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1: " + value);
    }
  }
}
