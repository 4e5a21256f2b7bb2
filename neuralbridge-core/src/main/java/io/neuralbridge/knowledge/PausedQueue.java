package io.neuralbridge.knowledge;

import io.neuralbridge.embedding.ProviderEvent;
import io.neuralbridge.worker.Extension.QueueSwitch;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pauses a queue when its provider wants a person (key, account, model), so that its jobs are not
 * claimed and put off in vain every minute. A listener for {@code EmbeddingPipeline}.
 *
 * <p>The queue goes on when the provider answers again, which a query or {@code
 * EmbeddingPipeline.resume()} finds out; after a restart of this process only when somebody says
 * so, by {@code NeuralBridge.queues().resume(…)}. A pause of somebody else's is left alone. Where
 * there is a fallback, it is of no use: jobs can go on.
 */
public final class PausedQueue implements Consumer<ProviderEvent> {

  private static final Logger log = LoggerFactory.getLogger(PausedQueue.class);

  private final QueueSwitch queues;
  private final String queue;
  private boolean pausedHere;

  /**
   * @param queues from the installer of an extension
   */
  public PausedQueue(QueueSwitch queues, String queue) {
    this.queues = queues;
    this.queue = queue;
  }

  @Override
  public synchronized void accept(ProviderEvent event) {
    if (event instanceof ProviderEvent.Paused paused && paused.reason().needsAPerson()) {
      queues.pause(queue);
      pausedHere = true;
      log.error(
          "Queue {} is paused: {} When that is mended, resume the pipeline, or the queue",
          queue,
          paused.message());
    } else if (event instanceof ProviderEvent.Resumed && pausedHere) {
      queues.resume(queue);
      pausedHere = false;
      log.info("Queue {} goes on: its provider answers again", queue);
    }
  }
}
