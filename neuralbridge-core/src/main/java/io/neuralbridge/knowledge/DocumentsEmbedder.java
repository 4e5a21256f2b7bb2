package io.neuralbridge.knowledge;

import io.neuralbridge.knowledge.ChunkEmbedder.Failure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Embeds the pending chunks of several documents, in order, and fills requests across them: a
 * thousand documents of one chunk cost as few calls as one of a thousand chunks.
 */
final class DocumentsEmbedder {

  private static final Logger log = LoggerFactory.getLogger(DocumentsEmbedder.class);
  private static final int PAGE = 100;

  private final EmbeddingLedger ledger;
  private final ChunkEmbedder embedder;

  DocumentsEmbedder(KnowledgeBase knowledge, ChunkEmbedder embedder) {
    this.ledger = knowledge.store().ledger();
    this.embedder = embedder;
  }

  /**
   * Embeds into one generation what it lacks.
   *
   * @param tasks no two of one document
   * @throws InterruptedException if all of them are to end
   */
  void embed(Generation generation, List<DocumentTask> tasks) throws InterruptedException {
    new Round(generation, tasks).run();
  }

  private final class Round {

    private final Generation generation;
    private final Map<String, DocumentTask> tasks = new HashMap<>();
    private final List<DocumentTask> order;
    private final List<Chunk> page = new ArrayList<>();
    private final int pageSize;

    Round(Generation generation, List<DocumentTask> order) {
      this.generation = generation;
      this.order = order;
      order.forEach(task -> tasks.put(task.name(), task));
      // As many whole batches as make a page, or the last one of each would be sent half full.
      int batch = embedder.batchSize(generation);
      pageSize = Math.max(1, (PAGE + batch - 1) / batch) * batch;
    }

    void run() throws InterruptedException {
      for (DocumentTask task : order) {
        if (!task.isCancelled()) {
          add(task);
        }
      }
      flush();
    }

    private void add(DocumentTask task) throws InterruptedException {
      log.info(
          "Processing embeddings for {} chunks in document: {}",
          task.document().chunks(),
          task.name());
      int after = -1;
      int wanted;
      List<Chunk> pending;
      do {
        wanted = pageSize - page.size();
        pending = ledger.pending(generation.id(), task.name(), after, wanted);
        page.addAll(pending);
        after = pending.isEmpty() ? after : pending.get(pending.size() - 1).position();
        if (page.size() == pageSize) {
          flush();
        }
      } while (pending.size() == wanted && !task.isCancelled());
    }

    private void flush() throws InterruptedException {
      List<Chunk> chunks = page.stream().filter(chunk -> !task(chunk).isCancelled()).toList();
      page.clear();
      if (chunks.isEmpty()) {
        return;
      }
      List<Failure> failures =
          embedder.embed(generation, chunks, this::isCancelled, this::logProcessing);
      Set<String> failed =
          failures.stream().map(failure -> failure.chunk().id()).collect(Collectors.toSet());
      failures.forEach(failure -> task(failure.chunk()).failed(failure));
      chunks.stream()
          .filter(chunk -> !failed.contains(chunk.id()))
          .forEach(chunk -> task(chunk).embedded());
    }

    private boolean isCancelled() {
      return order.stream().allMatch(DocumentTask::isCancelled);
    }

    private void logProcessing(List<Chunk> chunks) {
      for (Chunk chunk : chunks) {
        int of = task(chunk).document().chunks();
        log.info("Processing chunk {}/{}", chunk.position() + 1, of);
      }
    }

    private DocumentTask task(Chunk chunk) {
      return Objects.requireNonNull(tasks.get(chunk.document()), chunk.document());
    }
  }
}
