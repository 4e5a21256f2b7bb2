package io.neuralbridge.examples.bench;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.URI;

/**
 * A process that ingests and embeds a corpus, which it makes as it goes, and tells what its heap
 * holds when half of the documents are embedded, and when all are.
 */
final class EmbeddingHeapProbe {

  private EmbeddingHeapProbe() {}

  /**
   * Mebibytes half-way and at the end.
   *
   * @param url of a PostgreSQL with an empty schema; empty for H2
   */
  static double[] run(Provider.Endpoint at, ProviderRules rules, String url, int chunks)
      throws IOException, InterruptedException {
    String[] args = {
      at.uri().toString(),
      Integer.toString(at.dimensions()),
      rules.query(),
      Integer.toString(chunks),
      url
    };
    try (ChildJvm child = ChildJvm.start(EmbeddingHeapProbe.class, args)) {
      return child.lines().stream().mapToDouble(line -> Long.parseLong(line) / 1048576.0).toArray();
    }
  }

  public static void main(String[] args) throws Exception {
    Provider.Endpoint at = new Provider.Endpoint(URI.create(args[0]), Integer.parseInt(args[1]));
    ProviderRules rules = ProviderRules.parse(args[2]);
    Corpus corpus = new Corpus(Integer.parseInt(args[3]));
    if (args[4].isEmpty()) {
      try (BridgeIngest bridge = BridgeIngest.onH2(at, rules)) {
        probe(bridge, corpus);
      }
      return;
    }
    try (HikariDataSource dataSource = BenchDatabase.pool(args[4], 20);
        BridgeIngest bridge = BridgeIngest.onPostgres(dataSource, at, rules)) {
      probe(bridge, corpus);
    }
  }

  private static void probe(BridgeIngest bridge, Corpus corpus) throws InterruptedException {
    int jobs = bridge.enqueue(corpus.stream());
    int half = jobs / 2;
    bridge.awaitJobs(half);
    System.out.println(HeapProbe.usedAfterCollection());
    bridge.awaitJobs(jobs - half);
    System.out.println(HeapProbe.usedAfterCollection());
  }
}
