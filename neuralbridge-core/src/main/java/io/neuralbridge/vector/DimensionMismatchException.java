package io.neuralbridge.vector;

/** A vector's length is not that of its collection. */
public class DimensionMismatchException extends IllegalArgumentException {

  public DimensionMismatchException(String collection, int expected, int actual) {
    super(
        "collection '%s' holds vectors of %d dimensions, but one of %d was given; use the model that filled it, or another collection"
            .formatted(collection, expected, actual));
  }
}
