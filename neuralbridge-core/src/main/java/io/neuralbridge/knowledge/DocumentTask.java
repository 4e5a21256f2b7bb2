package io.neuralbridge.knowledge;

import io.neuralbridge.knowledge.ChunkEmbedder.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A document on its way through the embedding of several. For one thread. */
final class DocumentTask {

  private final BooleanSupplier cancelled;
  private final List<Failure> failures = new ArrayList<>();
  private Document document;
  private int embedded;

  DocumentTask(Document document, BooleanSupplier cancelled) {
    this.document = document;
    this.cancelled = cancelled;
  }

  String name() {
    return document.name();
  }

  /** The version that is being embedded. */
  Document document() {
    return document;
  }

  void setDocument(Document document) {
    this.document = document;
  }

  boolean isCancelled() {
    return cancelled.getAsBoolean();
  }

  void embedded() {
    embedded++;
  }

  void failed(Failure failure) {
    failures.add(failure);
  }

  int embeddedChunks() {
    return embedded;
  }

  int failedChunks() {
    return failures.size();
  }

  boolean allTooLarge() {
    return failures.stream().allMatch(Failure::isTooLarge);
  }

  @Nullable Failure firstFailure() {
    return failures.isEmpty() ? null : failures.get(0);
  }
}
