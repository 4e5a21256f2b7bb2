package io.neuralbridge.knowledge;

import io.neuralbridge.NeuralBridge;
import io.neuralbridge.cost.Costs;
import io.neuralbridge.embedding.EmbeddingException;
import io.neuralbridge.embedding.EmbeddingModel;
import io.neuralbridge.embedding.EmbeddingResponse;
import io.neuralbridge.embedding.InputType;
import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.Job;
import io.neuralbridge.queue.InMemoryQueue;
import io.neuralbridge.queue.Queue;
import io.neuralbridge.text.ChunkSize;
import io.neuralbridge.vector.ExactVectorStore;
import io.neuralbridge.vector.VectorStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A knowledge base in memory with a model that can be watched and made to fail. */
final class Lab implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(20);

  final WatchedModel model = new WatchedModel("watched-1", 1);
  final Queue queue = new InMemoryQueue();
  final KnowledgeStore store = new InMemoryKnowledgeStore();
  final VectorStore vectors = new ExactVectorStore();
  final KnowledgeBase knowledge =
      new KnowledgeBase(store, model, vectors, ChunkSize.characters(40, 0));
  final EmbedJob embedJob = new EmbedJob(knowledge);
  final BlockingQueue<JobEvent.Settled> settled = new LinkedBlockingQueue<>();
  final NeuralBridge bridge = bridge(embedJob);

  NeuralBridge bridge(EmbedJob job) {
    return NeuralBridge.builder()
        .store(queue)
        .install(job)
        .listener(
            event -> {
              if (event instanceof JobEvent.Settled end) {
                settled.add(end);
              }
            })
        .build();
  }

  /** Waits for a job; what is settled meanwhile can still be waited for. */
  JobEvent.Settled awaitSettled(Job job) throws InterruptedException {
    List<JobEvent.Settled> others = new ArrayList<>();
    JobEvent.Settled event = nextSettled();
    while (event.job().id() != job.id()) {
      others.add(event);
      event = nextSettled();
    }
    settled.addAll(others);
    return event;
  }

  JobEvent.Settled nextSettled() throws InterruptedException {
    JobEvent.Settled event = settled.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("no job was settled within " + PATIENCE);
    }
    return event;
  }

  /** A text of so many paragraphs, each a chunk of its own. */
  static String paragraphs(String... words) {
    List<String> paragraphs = new ArrayList<>();
    for (String word : words) {
      paragraphs.add("This paragraph is about " + word + ".");
    }
    return String.join("\n\n", paragraphs);
  }

  /** Embeds and stores chunks as a job does. */
  void embed(List<Chunk> chunks) {
    try {
      Generation active = store.generations().activeOrNew(model.modelId(), model.dimensions());
      new ChunkEmbedder(knowledge, Costs.NONE).embed(active, chunks, () -> false, begun -> {});
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  long active() {
    return knowledge.activeGeneration().map(Generation::id).orElse(Generation.NONE);
  }

  /** What the active generation lacks of a document. */
  List<Chunk> pending(String document, int limit) {
    return store.ledger().pending(active(), document, -1, limit);
  }

  /** How many vectors the active generation has. */
  long vectorCount() {
    return vectors.count(Generation.collectionOf(active()));
  }

  LedgerEntry entry(String document, int position) {
    return knowledge.ledger(document, null, 1_000).get(position);
  }

  @Override
  public void close() {
    bridge.close();
  }

  /** Embeds by counting letters, remembers what it was asked, refuses what it is told to. */
  static final class WatchedModel implements EmbeddingModel {

    final List<String> documents = new ArrayList<>();
    final AtomicInteger calls = new AtomicInteger();
    private final String id;
    private volatile boolean astray;
    private final int maxBatchSize;
    private volatile Predicate<String> refused = text -> false;

    WatchedModel(String id, int maxBatchSize) {
      this.id = id;
      this.maxBatchSize = maxBatchSize;
    }

    void refuse(Predicate<String> refused) {
      this.refused = refused;
    }

    /** Answers queries with what is farthest from them. */
    void leadAstray() {
      astray = true;
    }

    synchronized List<String> embedded() {
      return List.copyOf(documents);
    }

    @Override
    public String modelId() {
      return id;
    }

    @Override
    public int dimensions() {
      return 26;
    }

    @Override
    public int maxBatchSize() {
      return maxBatchSize;
    }

    @Override
    public synchronized EmbeddingResponse embed(List<String> texts, InputType inputType) {
      calls.incrementAndGet();
      texts.stream()
          .filter(refused)
          .findFirst()
          .ifPresent(
              text -> {
                throw new EmbeddingException("refused");
              });
      if (inputType == InputType.DOCUMENT) {
        documents.addAll(texts);
      }
      return new EmbeddingResponse(
          texts.stream().map(text -> letters(text, inputType)).toList(), 0);
    }

    private float[] letters(String text, InputType inputType) {
      int step = astray && inputType == InputType.QUERY ? -1 : 1;
      float[] counts = new float[26];
      text.toLowerCase(java.util.Locale.ROOT)
          .chars()
          .filter(c -> c >= 'a' && c <= 'z')
          .forEach(c -> counts[c - 'a'] += step);
      return counts;
    }
  }
}
