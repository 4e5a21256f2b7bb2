package io.neuralbridge.knowledge;

/** A document or chunk that is not there: {@code document_not_found} or {@code chunk_not_found}. */
public final class DocumentNotFoundException extends DocumentException {

  private DocumentNotFoundException(String code, String message) {
    super(code, message);
  }

  static DocumentNotFoundException document(String name) {
    return new DocumentNotFoundException(
        "document_not_found",
        "document '%s' is not in the knowledge store; ingest it first".formatted(name));
  }

  static DocumentNotFoundException chunk(String id) {
    return new DocumentNotFoundException(
        "chunk_not_found",
        "chunk '%s' is not in the knowledge store; it was removed, or its document was ingested anew"
            .formatted(id));
  }
}
