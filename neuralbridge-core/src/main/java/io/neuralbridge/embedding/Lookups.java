package io.neuralbridge.embedding;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

/**
 * Looks texts up in the second tier, those of all callers together: while a few looks are under
 * way, the texts of the next one gather. For one thread at a time.
 */
final class Lookups {

  private static final int MOST_TEXTS = 1_000;
  private static final int MOST_AT_ONCE = 2;

  private final Tiers tiers;
  private final Executor executor;
  private final BiConsumer<List<PendingText>, Map<EmbeddingKey, CachedEmbedding>> found;
  private final Deque<PendingText> waiting = new ArrayDeque<>();
  private int running;

  /**
   * @param found told the texts of a look and what was there; on another thread
   */
  Lookups(
      Tiers tiers,
      Executor executor,
      BiConsumer<List<PendingText>, Map<EmbeddingKey, CachedEmbedding>> found) {
    this.tiers = tiers;
    this.executor = executor;
    this.found = found;
  }

  void add(PendingText text) {
    waiting.add(text);
  }

  boolean isIdle() {
    return running == 0 && waiting.isEmpty();
  }

  void start() {
    while (running < MOST_AT_ONCE && !waiting.isEmpty()) {
      List<PendingText> texts = new ArrayList<>();
      while (texts.size() < MOST_TEXTS && !waiting.isEmpty()) {
        texts.add(waiting.remove());
      }
      running++;
      executor.execute(
          () -> found.accept(texts, tiers.look(texts.stream().map(PendingText::key).toList())));
    }
  }

  void ended() {
    running--;
  }
}
