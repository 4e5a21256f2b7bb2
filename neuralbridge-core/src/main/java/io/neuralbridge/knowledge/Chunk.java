package io.neuralbridge.knowledge;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a document: what is embedded and found.
 *
 * @param id follows from the document's name, the text and the metadata, so that the same text
 *     keeps its vector when it is ingested again, wherever in the document it stands by then
 * @param position 0 for the document's first chunk
 * @param heading the path of headings above it, such as {@code "Install > Linux"}; empty if none
 * @param metadata the document's, for searches to filter by
 * @param embedding what is known of its vector
 */
public record Chunk(
    String id,
    String document,
    int position,
    String heading,
    String text,
    Map<String, String> metadata,
    Embedding embedding) {

  public Chunk {
    metadata = Map.copyOf(metadata);
  }

  /** What is embedded: the headings, which often name the subject, and the text. */
  public String embeddingText() {
    return heading.isEmpty() ? text : heading + "\n" + text;
  }

  /** Whether its vector of this model is stored. */
  public boolean isEmbeddedBy(String modelId) {
    return embedding.at() != null && modelId.equals(embedding.modelId());
  }

  /**
   * What is known of a chunk's vector.
   *
   * @param modelId the model whose vector is stored, null if there is none
   * @param at when it was stored, null if it is to be embedded anew
   * @param error why the last attempt failed, null if none did since
   */
  public record Embedding(@Nullable String modelId, @Nullable Instant at, @Nullable String error) {

    public static final Embedding NONE = new Embedding(null, null, null);

    boolean isOlderThan(Instant instant) {
      return at != null && at.isBefore(instant);
    }
  }
}
