package io.neuralbridge.examples.bench;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.store.embedding.EmbeddingStoreIngestor;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import java.util.List;

/**
 * LangChain4j's ingestor with its OpenAI client, at its defaults but for the size of requests; the
 * store is in memory. Its API works in the caller's thread; more threads are the caller's doing.
 */
final class LangChainIngest implements EmbeddingContestant {

  /** Ten full requests. */
  private static final int REQUESTS_A_CALL = 10;

  private final InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();
  private final EmbeddingStoreIngestor ingestor;
  private final int inputs;
  private final int threads;

  LangChainIngest(Provider.Endpoint provider, ProviderRules rules, int threads) {
    this.inputs = rules.inputs();
    this.threads = threads;
    this.ingestor =
        EmbeddingStoreIngestor.builder()
            .embeddingModel(
                OpenAiEmbeddingModel.builder()
                    .baseUrl(provider.uri().resolve("/v1").toString())
                    .apiKey("none")
                    .modelName("stub")
                    .maxSegmentsPerBatch(inputs)
                    .build())
            .embeddingStore(store)
            .build();
  }

  @Override
  public Landing ingest(List<Corpus.Text> documents) throws Exception {
    return Calls.make(documents, REQUESTS_A_CALL * inputs, threads, this::ingestTexts, store::size);
  }

  private void ingestTexts(List<String> texts) {
    ingestor.ingest(texts.stream().map(Document::from).toList());
  }

  @Override
  public void close() {
    // All of it is in memory.
  }
}
