package io.neuralbridge.knowledge;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;

/**
 * A piece of a document: what is embedded and found.
 *
 * @param id follows from the document's name, the text and the metadata, so that the same text
 *     keeps its vector when it is ingested again, wherever in the document it stands by then
 * @param position 0 for the document's first chunk
 * @param heading the path of headings above it, such as {@code "Install > Linux"}; empty if none
 * @param metadata the document's, for searches to filter by
 */
public record Chunk(
    String id,
    String document,
    int position,
    String heading,
    String text,
    Map<String, String> metadata) {

  public Chunk {
    metadata = Map.copyOf(metadata);
  }

  /** What is embedded: the headings, which often name the subject, and the text. */
  public String embeddingText() {
    return heading.isEmpty() ? text : heading + "\n" + text;
  }

  /**
   * SHA-256 of {@link #embeddingText}, in hexadecimal: chunks of whatever document with the same
   * hash have the same vector.
   */
  public String contentHash() {
    byte[] bytes = embeddingText().getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(ChunkIds.sha256().digest(bytes));
  }
}
