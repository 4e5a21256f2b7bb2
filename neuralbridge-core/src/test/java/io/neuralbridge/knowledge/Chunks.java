package io.neuralbridge.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Chunks for stores' tests, one a text. */
final class Chunks {

  private Chunks() {}

  /** Ingests a document whole; returns how many chunks are new. */
  static int ingest(KnowledgeStore store, String document, String... texts) {
    long run = store.beginRun(document);
    int added = store.saveChunks(document, run, of(document, texts));
    assertThat(store.completeRun(document, run, String.join(",", texts), texts.length)).isTrue();
    return added;
  }

  static List<Chunk> of(String document, String... texts) {
    return IntStream.range(0, texts.length)
        .mapToObj(i -> new Chunk(id(document, texts[i]), document, i, "", texts[i], Map.of()))
        .toList();
  }

  static String id(String document, String text) {
    return new ChunkIds(document, Map.of()).next("", text);
  }

  static List<String> ids(String document, String... texts) {
    return of(document, texts).stream().map(Chunk::id).toList();
  }
}
