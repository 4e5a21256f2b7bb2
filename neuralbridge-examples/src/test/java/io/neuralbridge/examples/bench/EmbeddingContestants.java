package io.neuralbridge.examples.bench;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who takes part, the client's ceiling first. */
final class EmbeddingContestants {

  /** How much of the corpus a contestant is given: slow ones are compared by their rate. */
  enum Share {
    ALL("--chunks"),
    SLOW("--slow-chunks"),
    SINGLE("--single-chunks");

    private final String option;

    Share(String option) {
      this.option = option;
    }
  }

  /** One of them. */
  record Entry(String name, Share share, Maker maker) {

    int chunks(EmbeddingBenchOptions options) {
      return options.number(share.option);
    }

    /**
     * Whether it may have nothing embedded but the chunks: some ask for more, to learn a length.
     */
    boolean isOurs() {
      return name.equals(BareClient.NAME) || name.startsWith("NeuralBridge");
    }
  }

  /** Makes a contestant with an empty store, for a provider that goes by these rules. */
  interface Maker {
    EmbeddingContestant make(ProviderRules rules) throws Exception;
  }

  private EmbeddingContestants() {}

  static List<Entry> of(
      EmbeddingBenchOptions options, Provider.Endpoint at, @Nullable BenchDatabase database) {
    List<Entry> all = new ArrayList<>();
    all.add(new Entry(BareClient.NAME, Share.ALL, rules -> new BareClient(at, rules)));
    if (options.list("--stores").contains("h2")) {
      all.add(new Entry(BridgeIngest.ON_H2, Share.ALL, rules -> BridgeIngest.onH2(at, rules)));
    }
    if (database != null) {
      all.add(
          new Entry(
              BridgeIngest.ON_POSTGRES,
              Share.ALL,
              rules -> BridgeIngest.onPostgres(database.emptied(), at, rules)));
    }
    all.addAll(peers(at));
    String begin = options.text("--contestants");
    return all.stream().filter(entry -> entry.name().startsWith(begin)).toList();
  }

  private static List<Entry> peers(Provider.Endpoint at) {
    return List.of(
        new Entry("LangChain4j", Share.SLOW, rules -> new LangChainIngest(at, rules, 1)),
        new Entry(
            "LangChain4j, 16 threads",
            Share.ALL,
            rules -> new LangChainIngest(at, rules, rules.slots())),
        new Entry("Spring AI, simple", Share.SINGLE, rules -> SpringIngest.simple(at, rules)),
        new Entry("Spring AI, batches", Share.SLOW, rules -> SpringIngest.batched(at, rules, 1)),
        new Entry(
            "Spring AI, 16 threads",
            Share.ALL,
            rules -> SpringIngest.batched(at, rules, rules.slots())));
  }
}
