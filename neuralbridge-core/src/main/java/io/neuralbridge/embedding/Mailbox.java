package io.neuralbridge.embedding;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs messages one after another, so that what they change needs no lock. After those that were
 * there together, a last step follows once.
 */
final class Mailbox {

  private static final Logger log = LoggerFactory.getLogger(Mailbox.class);

  private final Executor executor;
  private final Runnable lastStep;
  private final Queue<Runnable> messages = new ConcurrentLinkedQueue<>();
  private final AtomicInteger posted = new AtomicInteger();

  Mailbox(Executor executor, Runnable lastStep) {
    this.executor = executor;
    this.lastStep = lastStep;
  }

  void post(Runnable message) {
    messages.add(message);
    if (posted.getAndIncrement() == 0) {
      try {
        executor.execute(this::run);
      } catch (RejectedExecutionException e) {
        run();
      }
    }
  }

  private void run() {
    int seen = posted.get();
    while (seen != 0) {
      for (Runnable message = messages.poll(); message != null; message = messages.poll()) {
        runSafely(message);
      }
      runSafely(lastStep);
      seen = posted.addAndGet(-seen);
    }
  }

  private static void runSafely(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      log.error("A step of the embedding pipeline failed", e);
    }
  }
}
