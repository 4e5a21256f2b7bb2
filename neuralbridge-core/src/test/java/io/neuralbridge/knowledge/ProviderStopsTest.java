package io.neuralbridge.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.NeuralBridge;
import io.neuralbridge.embedding.EmbeddedTexts;
import io.neuralbridge.embedding.EmbeddingDialect;
import io.neuralbridge.embedding.EmbeddingPipeline;
import io.neuralbridge.embedding.InputType;
import io.neuralbridge.embedding.ProviderEvent;
import io.neuralbridge.embedding.StubEmbeddingServer;
import io.neuralbridge.embedding.StubReply;
import io.neuralbridge.job.RateLimitedException;
import io.neuralbridge.queue.QueueStatus;
import io.neuralbridge.worker.Extension.QueueSwitch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A provider that a pipeline has stopped to call, and what that means for jobs and their queue. */
@Timeout(60)
class ProviderStopsTest {

  private final StubEmbeddingServer server = StubEmbeddingServer.start(EmbeddingDialect.OPENAI, 8);

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aPausedProviderPutsJobsOffAndCostsNoAttempt() throws Exception {
    server.next(StubReply.of(403, "{\"error\": {\"message\": \"no\"}}"));
    try (EmbeddingPipeline pipeline = EmbeddingPipeline.builder(server.model().build()).build()) {
      EmbeddedTexts result = pipeline.embed(List.of("text"), InputType.DOCUMENT);

      assertThat(ProviderStops.because(result.stop()))
          .isInstanceOfSatisfying(
              RateLimitedException.class,
              later ->
                  assertThat(later.retryAfter())
                      .isBetween(Duration.ofSeconds(50), Duration.ofMinutes(1)));
    }
  }

  @Test
  void theQueueIsPausedWhileAPersonIsWanted() {
    AtomicReference<QueueSwitch> queues = new AtomicReference<>();
    NeuralBridge bridge =
        NeuralBridge.builder()
            .queue("embeddings", 1)
            .install(installer -> queues.set(installer.queues()))
            .build();
    try (bridge;
        EmbeddingPipeline pipeline =
            EmbeddingPipeline.builder(server.model().build())
                .listener(new PausedQueue(queues.get(), "embeddings"))
                .build()) {
      server.next(StubReply.quotaExhausted());
      pipeline.embed(List.of("text"), InputType.DOCUMENT);
      assertThat(isPaused(bridge)).isTrue();

      pipeline.resume();
      assertThat(pipeline.embed(List.of("text"), InputType.DOCUMENT).stop()).isNull();
      assertThat(isPaused(bridge)).isFalse();
    }
  }

  private static boolean isPaused(NeuralBridge bridge) {
    return bridge.queues().status().stream()
        .filter(status -> status.queue().equals("embeddings"))
        .anyMatch(QueueStatus::isPaused);
  }

  @Test
  void aPauseOfSomebodyElsesIsLeftAlone() {
    List<String> said = new ArrayList<>();
    QueueSwitch queues =
        new QueueSwitch() {
          @Override
          public void pause(String queue) {
            said.add("pause " + queue);
          }

          @Override
          public void resume(String queue) {
            said.add("resume " + queue);
          }
        };
    new PausedQueue(queues, "q").accept(new ProviderEvent.Resumed("m", false));

    assertThat(said).isEmpty();
  }
}
