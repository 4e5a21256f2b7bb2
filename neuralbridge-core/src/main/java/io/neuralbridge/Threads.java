package io.neuralbridge;

import java.lang.reflect.Method;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/** The one place that knows of virtual threads, which the compiler's target (17) does not have. */
final class Threads {

  private Threads() {}

  /**
   * Threads for a queue's jobs: virtual ones where this JVM has them and the work waits rather than
   * computes.
   */
  static ExecutorService forJobs(String queue, boolean cpuBound) {
    String prefix = "neuralbridge-" + queue + "-";
    return Executors.newCachedThreadPool(cpuBound ? platform(prefix) : virtualOrPlatform(prefix));
  }

  private static ThreadFactory platform(String prefix) {
    AtomicLong number = new AtomicLong();
    return task -> {
      Thread thread = new Thread(task, prefix + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  private static ThreadFactory virtualOrPlatform(String prefix) {
    if (Runtime.version().feature() < 21) {
      return platform(prefix);
    }
    try {
      Class<?> builderType = Class.forName("java.lang.Thread$Builder");
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      Method name = builderType.getMethod("name", String.class, long.class);
      return (ThreadFactory)
          builderType.getMethod("factory").invoke(name.invoke(builder, prefix, 1L));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JVM should have virtual threads but refuses them", e);
    }
  }
}
