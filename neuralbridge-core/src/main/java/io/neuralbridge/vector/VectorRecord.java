package io.neuralbridge.vector;

import java.util.Map;

/**
 * A vector under its id, with what a search may filter by.
 *
 * @param id 1 to 200 characters
 * @param vector finite numbers, not all zero; kept, not copied: do not change it afterwards
 * @param metadata keys and values, at most 64 of them
 */
public record VectorRecord(String id, float[] vector, Map<String, String> metadata) {

  public VectorRecord {
    if (id.isBlank() || id.length() > 200) {
      throw new IllegalArgumentException("a vector's id must be 1 to 200 characters: '" + id + "'");
    }
    Vectors.requireUsable(id, vector);
    metadata = Map.copyOf(metadata);
    if (metadata.size() > 64) {
      throw new IllegalArgumentException(
          "vector '" + id + "' has " + metadata.size() + " metadata keys; at most 64 are allowed");
    }
  }
}
