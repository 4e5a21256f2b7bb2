package io.neuralbridge.examples.bench;

import io.neuralbridge.examples.bench.EmbeddingContestants.Entry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Documents into a store of vectors by a remote model: NeuralBridge with a durable ledger beside
 * LangChain4j's ingestor, Spring AI's {@code add} and a bare client, in turns on the same documents
 * and one stub provider, which has a process of its own and is the judge of what was asked of it.
 * Three scenarios: all goes well, and then the same documents once more; a share of the requests
 * fails; and what NeuralBridge's heap holds.
 *
 * <p>{@code mvn -q -Pembedding-benchmark process-test-classes -Dbench.args="--quick"}; the
 * arguments are those of {@link EmbeddingBenchOptions}, all optional.
 */
public final class EmbeddingBenchmark {

  private final EmbeddingBenchOptions options;
  private final Provider provider;
  private final List<Entry> entries;
  private final Map<Integer, List<Corpus.Text>> corpora = new HashMap<>();

  /** What was measured; a scenario that was left out has none. */
  record Figures(EmbeddingFigures ingest, EmbeddingFigures again, EmbeddingFigures faults) {}

  private final Figures figures =
      new Figures(new EmbeddingFigures(), new EmbeddingFigures(), new EmbeddingFigures());

  private EmbeddingBenchmark(
      EmbeddingBenchOptions options, Provider provider, @Nullable BenchDatabase database) {
    this.options = options;
    this.provider = provider;
    this.entries = EmbeddingContestants.of(options, provider.endpoint(), database);
  }

  public static void main(String[] args) throws Exception {
    run(EmbeddingBenchOptions.parse(args));
    // Clients of the others leave threads behind.
    System.exit(0);
  }

  static Figures run(EmbeddingBenchOptions options) throws Exception {
    boolean postgres = options.list("--stores").contains("postgres");
    try (Provider provider = Provider.start(options.number("--dimensions"));
        BenchDatabase database = postgres ? BenchDatabase.open(options.url()) : null) {
      new Corpus(options.number("--chunks")).requireKnownCuts();
      EmbeddingBenchmark benchmark = new EmbeddingBenchmark(options, provider, database);
      List<String> scenarios = options.list("--scenarios");
      if (scenarios.contains("ingest")) {
        benchmark.ingest();
      }
      if (scenarios.contains("faults")) {
        benchmark.faults();
      }
      if (scenarios.contains("memory")) {
        benchmark.memory(database);
      }
      return benchmark.figures;
    }
  }

  private void ingest() throws Exception {
    ProviderRules rules = options.flawless();
    report(
        "%d ms, %d texts a request, %d requests at a time, more wait: %,.0f chunks/s; %d dimensions; medians of %d interleaved rounds%n",
        rules.latencyMillis(),
        rules.inputs(),
        rules.slots(),
        rules.ceiling(),
        options.number("--dimensions"),
        options.number("--rounds"));
    warmUp(rules);
    for (int round = 0; round < options.number("--rounds"); round++) {
      report("round %d%n", round + 1);
      for (Entry entry : inTurn(round)) {
        ingest(entry, rules);
      }
    }
    System.out.print(figures.ingest.rates(rules.ceiling()));
    if (!figures.again.contestants().isEmpty()) {
      System.out.print(figures.again.again());
    }
  }

  private void warmUp(ProviderRules rules) throws Exception {
    int most = options.number("--warm-up");
    for (Entry entry : entries) {
      int chunks = Math.min(most, entry.chunks(options));
      if (chunks > 0) {
        try (EmbeddingContestant contestant = entry.maker().make(rules)) {
          EmbeddingResult.of(contestant, corpus(chunks), rules, provider);
        }
      }
    }
  }

  private List<Entry> inTurn(int round) {
    List<Entry> inTurn = new ArrayList<>(entries);
    Collections.rotate(inTurn, round);
    return inTurn;
  }

  private List<Corpus.Text> corpus(int chunks) {
    return corpora.computeIfAbsent(chunks, all -> new Corpus(all).stream().toList());
  }

  private void ingest(Entry entry, ProviderRules rules) throws Exception {
    List<Corpus.Text> documents = corpus(entry.chunks(options));
    try (EmbeddingContestant contestant = entry.maker().make(rules)) {
      EmbeddingResult result = EmbeddingResult.of(contestant, documents, rules, provider);
      report("  %-26s %,9.0f chunks/s%n", entry.name(), result.perSecond());
      result.requireAllStored(entry.name());
      if (entry.isOurs()) {
        result.requireEachEmbeddedOnce(entry.name());
      }
      figures.ingest.add(entry.name(), result);
      if (!entry.name().equals(BareClient.NAME)) {
        figures.again.add(entry.name(), EmbeddingResult.of(contestant, documents, rules, provider));
      }
    }
  }

  private void faults() throws Exception {
    ProviderRules rules = options.faulty();
    report(
        "%n%.1f %% 429s, which ask for %d ms, and %.1f %% 500s: %,.0f chunks/s are allowed%n",
        rules.tooMany() * 100, rules.retryAfterMillis(), rules.broken() * 100, rules.allowed());
    for (int round = 0; round < options.number("--rounds"); round++) {
      report("round %d%n", round + 1);
      for (Entry entry : inTurn(round)) {
        faults(entry, rules.withSeed(round + 1L));
      }
    }
    System.out.print(figures.faults.rates(rules.allowed()));
    System.out.print(figures.faults.losses());
  }

  private void faults(Entry entry, ProviderRules rules) throws Exception {
    try (EmbeddingContestant contestant = entry.maker().make(rules)) {
      List<Corpus.Text> documents = corpus(entry.chunks(options));
      EmbeddingResult result = EmbeddingResult.of(contestant, documents, rules, provider);
      report("  %-26s %,9.0f chunks/s%n", entry.name(), result.storedPerSecond());
      figures.faults.add(entry.name(), result);
    }
  }

  private void memory(@Nullable BenchDatabase database) throws Exception {
    ProviderRules rules = options.flawless();
    provider.begin(rules);
    report("%nNeuralBridge's heap after a collection, half-way and at the end:%n");
    for (String store : options.list("--stores")) {
      for (String chunks : options.list("--memory")) {
        String url = store.equals("h2") || database == null ? "" : emptied(database);
        double[] used =
            EmbeddingHeapProbe.run(provider.endpoint(), rules, url, Integer.parseInt(chunks));
        report(
            "  %-10s %,9d chunks %8.1f MiB %8.1f MiB%n",
            store, Integer.parseInt(chunks), used[0], used[1]);
      }
    }
  }

  private static String emptied(BenchDatabase database) throws Exception {
    database.emptied();
    return database.url();
  }

  private static void report(String format, Object... values) {
    System.out.printf(Locale.ROOT, format, values);
  }
}
