package io.neuralbridge.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.NeuralBridge;
import io.neuralbridge.embedding.EmbeddingDialect;
import io.neuralbridge.embedding.StubEmbeddingServer;
import io.neuralbridge.embedding.StubReply;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.queue.InMemoryQueue;
import io.neuralbridge.vector.ExactVectorStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ModelCheckTest {

  private final StubEmbeddingServer server = StubEmbeddingServer.start(EmbeddingDialect.MISTRAL, 4);
  private final NeuralBridge bridge =
      NeuralBridge.builder()
          .store(new InMemoryQueue())
          .install(
              new EmbedJob(
                  new KnowledgeBase(
                          new InMemoryKnowledgeStore(),
                          server.model().modelId("new").build(),
                          new ExactVectorStore())
                      .withModel(server.model().modelId("old").build())))
          .build();

  @AfterEach
  void close() {
    bridge.close();
    server.close();
  }

  @Test
  void theDayThatAModelEndsIsTheResult() {
    server.next(
        StubReply.of(200, "{\"deprecation\": \"2027-03-31T12:00:00Z\"}"), StubReply.of(200, "{}"));

    Job job = check();

    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    assertThat(job.result())
        .isIn("{\"new\":\"2027-03-31T12:00:00Z\"}", "{\"old\":\"2027-03-31T12:00:00Z\"}");
  }

  @Test
  void aProviderThatFailsIsAskedAgainAndHidesNoOther() {
    server.next(StubReply.serverError(), StubReply.of(200, "{}"));

    assertThat(check().state()).isEqualTo(JobState.RETRYABLE);
    assertThat(server.log()).hasSize(2);
  }

  @Test
  void itRecursDaily() {
    bridge.drain();

    assertThat(bridge.schedule().find("embedding.model_check").orElseThrow().recurring().schedule())
        .hasToString("0 4 * * * (Z)");
  }

  private Job check() {
    long id = bridge.enqueue(EmbedJob.MODEL_CHECK.request(new EmbedJob.ModelCheckArgs())).id();
    bridge.drain();
    return bridge.find(id).orElseThrow();
  }
}
