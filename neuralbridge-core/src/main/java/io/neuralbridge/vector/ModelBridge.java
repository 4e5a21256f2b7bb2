package io.neuralbridge.vector;

/**
 * Turns a query's vector of a new model into one that an old model's documents can be searched
 * with, while they are being embedded again. A linear map, learned from chunks that both models
 * have embedded; see {@link ModelBridgeFitter}. Use it only where its {@link #report} says that it
 * finds what the old model would have found. Immutable.
 */
public final class ModelBridge {
  private final String fromModel;
  private final String toModel;
  private final BridgeMatrix matrix;
  private final BridgeReport report;

  ModelBridge(String fromModel, String toModel, BridgeMatrix matrix, BridgeReport report) {
    this.fromModel = fromModel;
    this.toModel = toModel;
    this.matrix = matrix;
    this.report = report;
  }

  /**
   * The nearest that the old model has to this query.
   *
   * @param vector of the new model
   * @return a vector of length 1
   * @throws IllegalArgumentException if it has not the new model's dimensions, or no direction
   */
  public float[] apply(float[] vector) {
    if (vector.length != matrix.columns()) {
      throw new IllegalArgumentException(
          "model '%s' has %d dimensions, but a vector of %d was given"
              .formatted(fromModel, matrix.columns(), vector.length));
    }
    Vectors.requireUsable("query", vector);
    return matrix.times(Vectors.toUnitLength(vector));
  }

  /** The id of the model whose queries it takes. */
  public String fromModel() {
    return fromModel;
  }

  /** The id of the model whose documents are searched. */
  public String toModel() {
    return toModel;
  }

  /** What it achieved on pairs that it had not learned from. */
  public BridgeReport report() {
    return report;
  }

  /** All of it, with a checksum; {@link #fromBytes} reads it. */
  public byte[] toBytes() {
    return BridgeBytes.write(fromModel, toModel, matrix, report);
  }

  /**
   * The bridge that {@link #toBytes} wrote.
   *
   * @throws IllegalArgumentException if the bytes are damaged or of another version
   */
  public static ModelBridge fromBytes(byte[] bytes) {
    return BridgeBytes.read(bytes);
  }
}
