package io.neuralbridge.knowledge;

/**
 * A chunk that a search found.
 *
 * @param score cosine similarity of the query and the chunk, -1 to 1
 */
public record SearchHit(Chunk chunk, float score) {

  public String document() {
    return chunk.document();
  }

  public int position() {
    return chunk.position();
  }
}
