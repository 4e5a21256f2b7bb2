package io.neuralbridge.examples;

import io.neuralbridge.NeuralBridge;
import io.neuralbridge.job.JobState;
import io.neuralbridge.knowledge.KnowledgeBase;
import io.neuralbridge.knowledge.KnowledgeStats;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Shows how far the embedding is: a bar on a terminal, now and then a line elsewhere. */
final class Progress {

  private static final int BAR = 40;
  private static final long LOOK_EVERY_MS = 100;
  private static final long BAR_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long LINE_EVERY_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final PrintStream out;
  private final KnowledgeBase knowledge;
  private final NeuralBridge bridge;
  private final boolean terminal = Terminal.isInteractive();
  private long lastShown = System.nanoTime();

  Progress(PrintStream out, KnowledgeBase knowledge, NeuralBridge bridge) {
    this.out = out;
    this.knowledge = knowledge;
    this.bridge = bridge;
  }

  /** Returns when no job waits or runs any more. */
  void untilIdle() {
    try {
      while (isBusy()) {
        show();
        TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (terminal) {
      out.print("\r" + " ".repeat(BAR + 50) + "\r");
    }
  }

  private boolean isBusy() {
    Map<JobState, Long> counts = bridge.counts();
    return counts.entrySet().stream()
        .anyMatch(entry -> !entry.getKey().isFinal() && entry.getValue() > 0);
  }

  /** Shows how far it is, if it is time to. */
  void show() {
    if (System.nanoTime() - lastShown < (terminal ? BAR_EVERY_NANOS : LINE_EVERY_NANOS)) {
      return;
    }
    lastShown = System.nanoTime();
    KnowledgeStats stats = knowledge.stats();
    if (terminal) {
      out.print("\r" + bar(stats));
      out.flush();
    } else {
      out.printf("%d of %d chunks embedded%n", stats.embedded(), stats.chunks());
    }
  }

  private String bar(KnowledgeStats stats) {
    double share = stats.chunks() == 0 ? 0 : (double) stats.embedded() / stats.chunks();
    int full = (int) (share * BAR);
    return String.format(
        Locale.ROOT,
        "[%s%s] %3.0f%% %d/%d chunks ",
        "#".repeat(full),
        "-".repeat(BAR - full),
        share * 100,
        stats.embedded(),
        stats.chunks());
  }
}
