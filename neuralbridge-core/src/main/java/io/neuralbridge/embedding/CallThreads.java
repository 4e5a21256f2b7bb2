package io.neuralbridge.embedding;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Threads for calls: virtual ones where this JVM has them, which the compiler's target has not. */
final class CallThreads {

  private CallThreads() {}

  static ExecutorService start() {
    if (Runtime.version().feature() >= 21) {
      try {
        return (ExecutorService)
            Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("this JVM should have virtual threads but refuses them", e);
      }
    }
    AtomicLong number = new AtomicLong();
    return Executors.newCachedThreadPool(
        task -> {
          Thread thread = new Thread(task, "neuralbridge-embedding-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }
}
