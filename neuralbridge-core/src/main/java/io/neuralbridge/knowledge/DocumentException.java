package io.neuralbridge.knowledge;

import io.neuralbridge.job.JobException;

/** A document or chunk that cannot be worked with. The {@link #code()} says why. */
public class DocumentException extends JobException {

  DocumentException(String code, String message) {
    super(code, message);
  }

  static DocumentException empty(String document) {
    return new DocumentException(
        "empty_document",
        "document '%s' has no text; what was ingested under its name before is kept: to delete it, remove it"
            .formatted(document));
  }

  static DocumentException superseded(String document) {
    return new DocumentException(
        "superseded",
        "a later ingestion of document '%s' has begun; this one is void".formatted(document));
  }

  static DocumentException incomplete(
      String document, int failed, int chunks, boolean allTooLarge) {
    String code = "embedding_incomplete";
    String message =
        "%d of %d chunks of document '%s' could not be embedded; each chunk keeps its error"
            .formatted(failed, chunks, document);
    return allTooLarge
        ? new TextTooLargeException(code, message + ": longer than the model takes")
        : new DocumentException(code, message);
  }
}
