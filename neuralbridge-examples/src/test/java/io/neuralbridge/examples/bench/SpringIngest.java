package io.neuralbridge.examples.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.ollama.OllamaEmbeddingModel;
import org.springframework.ai.ollama.api.OllamaApi;
import org.springframework.ai.ollama.api.OllamaEmbeddingOptions;
import org.springframework.ai.vectorstore.SimpleVectorStore;

/**
 * Spring AI with its Ollama client, the smallest of its remote ones, which does not retry; its
 * OpenAI client tries twice more. The store is in memory. Its API works in the caller's thread;
 * more threads are the caller's doing.
 */
final class SpringIngest {

  private static final int REQUESTS_A_CALL = 10;

  private SpringIngest() {}

  /** {@code SimpleVectorStore.add}, which sends a request a document. */
  static EmbeddingContestant simple(Provider.Endpoint provider, ProviderRules rules) {
    SimpleVectorStore store = SimpleVectorStore.builder(model(provider)).build();
    Map<String, Boolean> stored = new ConcurrentHashMap<>();
    return new InCallersThreads(
        rules,
        1,
        stored,
        documents -> {
          store.add(documents);
          documents.forEach(document -> stored.put(document.getId(), true));
        });
  }

  /** What the {@code add} of its stores on databases does: batches by a strategy, then stores. */
  static EmbeddingContestant batched(Provider.Endpoint provider, ProviderRules rules, int threads) {
    EmbeddingModel model = model(provider);
    EmbeddingOptions options = EmbeddingOptions.builder().build();
    Map<String, float[]> store = new ConcurrentHashMap<>();
    return new InCallersThreads(
        rules,
        threads,
        store,
        documents -> {
          List<float[]> vectors =
              model.embed(documents, options, all -> batches(all, rules.inputs()));
          for (int i = 0; i < documents.size(); i++) {
            store.put(documents.get(i).getId(), vectors.get(i));
          }
        });
  }

  private static List<List<Document>> batches(List<Document> documents, int size) {
    List<List<Document>> batches = new ArrayList<>();
    for (int begin = 0; begin < documents.size(); begin += size) {
      batches.add(documents.subList(begin, Math.min(begin + size, documents.size())));
    }
    return batches;
  }

  private static EmbeddingModel model(Provider.Endpoint provider) {
    return OllamaEmbeddingModel.builder()
        .ollamaApi(OllamaApi.builder().baseUrl(provider.uri().toString()).build())
        .options(OllamaEmbeddingOptions.builder().model("stub").build())
        .build();
  }

  /** Takes documents as a store does. */
  private interface Add {
    void add(List<Document> documents);
  }

  private record InCallersThreads(ProviderRules rules, int threads, Map<String, ?> stored, Add add)
      implements EmbeddingContestant {

    @Override
    public Landing ingest(List<Corpus.Text> documents) throws Exception {
      return Calls.make(
          documents,
          REQUESTS_A_CALL * rules.inputs(),
          threads,
          texts -> add.add(texts.stream().map(Document::new).toList()),
          stored::size);
    }

    @Override
    public void close() {
      // All of it is in memory.
    }
  }
}
