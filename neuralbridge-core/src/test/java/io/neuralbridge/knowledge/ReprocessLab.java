package io.neuralbridge.knowledge;

import io.neuralbridge.job.Job;
import io.neuralbridge.testing.TestBridge;
import io.neuralbridge.testing.VirtualClock;
import io.neuralbridge.text.ChunkSize;
import io.neuralbridge.vector.ExactVectorStore;
import io.neuralbridge.vector.VectorStore;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** A knowledge base whose model is replaced, in memory and in virtual time. */
final class ReprocessLab implements AutoCloseable {

  final Lab.WatchedModel oldModel = new Lab.WatchedModel("old", 4);
  final Lab.WatchedModel newModel = new Lab.WatchedModel("new", 4);
  final VectorStore vectors = new ExactVectorStore();
  final VirtualClock clock = new VirtualClock(TestBridge.START);
  final KnowledgeStore store = new InMemoryKnowledgeStore(clock);
  KnowledgeBase knowledge;
  EmbedJob embedJob;
  TestBridge bridge;

  ReprocessLab() {
    knowledge = base(oldModel);
    deploy(knowledge, job -> job);
  }

  private KnowledgeBase base(Lab.WatchedModel model) {
    return new KnowledgeBase(store, model, vectors, ChunkSize.characters(40, 0));
  }

  /** Starts anew with the new model, and the old one beside it. */
  void deployNewModel(UnaryOperator<EmbedJob> options) {
    deploy(base(newModel).withModel(oldModel), options);
  }

  void deployNewModelAlone() {
    deploy(base(newModel), job -> job);
  }

  private void deploy(KnowledgeBase base, UnaryOperator<EmbedJob> options) {
    if (bridge != null) {
      bridge.close();
    }
    knowledge = base;
    embedJob = options.apply(new EmbedJob(base));
    bridge = TestBridge.of(builder -> builder.install(embedJob));
  }

  /** Ingests and embeds a document, one chunk a word. */
  void embed(String document, String... words) {
    ingest(document, words);
    embedJob.enqueueDocumentBatch(document);
    bridge.drain();
  }

  void ingest(String document, String... words) {
    knowledge.ingest(Lab.paragraphs(words), document);
  }

  /** Runs what is due until a job is final. */
  Job await(Job job) {
    for (int i = 0; i < 100; i++) {
      Job now = bridge.jobs().find(job.id()).orElseThrow();
      if (now.state().isFinal()) {
        return now;
      }
      advance(Duration.ofSeconds(30));
    }
    throw new AssertionError("still not final: " + bridge.jobs().find(job.id()));
  }

  /** Moves both the jobs' and the knowledge's time. */
  void advance(Duration duration) {
    clock.advance(duration);
    bridge.advance(duration);
  }

  Generation active() {
    return knowledge.activeGeneration().orElseThrow();
  }

  long vectorsOf(Generation generation) {
    return vectors.count(generation.collection());
  }

  @Override
  public void close() {
    bridge.close();
  }
}
