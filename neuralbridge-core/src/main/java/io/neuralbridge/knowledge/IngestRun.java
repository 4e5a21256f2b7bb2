package io.neuralbridge.knowledge;

import io.neuralbridge.text.CleanText;
import io.neuralbridge.text.Passage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One ingestion on its way into the store, a bounded number of chunks at a time. */
final class IngestRun {

  private static final int BATCH = 200;

  private final KnowledgeStore store;
  private final String document;
  private final Map<String, String> metadata;
  private final ChunkIds ids;
  private final long run;
  private final List<Chunk> batch = new ArrayList<>();
  private int chunks;
  private int added;
  private int replaced;

  /**
   * @param declared those of the metadata that a chunk's id follows from
   */
  IngestRun(
      KnowledgeStore store,
      String document,
      Map<String, String> metadata,
      Map<String, String> declared) {
    this.store = store;
    this.document = document;
    this.metadata = metadata;
    this.ids = new ChunkIds(document, declared);
    this.run = store.beginRun(document);
  }

  void add(Passage passage) {
    String heading = clean(passage.heading());
    String text = clean(passage.text());
    String id = ids.next(heading, text);
    batch.add(new Chunk(id, document, passage.position(), heading, text, metadata));
    if (batch.size() == BATCH) {
      save();
    }
  }

  Ingestion complete(String fingerprint) {
    save();
    if (chunks == 0) {
      throw DocumentException.empty(document);
    }
    if (!store.completeRun(document, run, fingerprint, chunks)) {
      throw DocumentException.superseded(document);
    }
    return new Ingestion(document, chunks, added, chunks - added, replaced);
  }

  private String clean(String text) {
    CleanText clean = CleanText.of(text);
    replaced += clean.replaced();
    return clean.text();
  }

  private void save() {
    if (batch.isEmpty()) {
      return;
    }
    int fresh = store.saveChunks(document, run, batch);
    if (fresh < 0) {
      throw DocumentException.superseded(document);
    }
    chunks += batch.size();
    added += fresh;
    batch.clear();
  }
}
