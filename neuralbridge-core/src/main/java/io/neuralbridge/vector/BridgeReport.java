package io.neuralbridge.vector;

/**
 * How well a {@link ModelBridge} stands in for the old model, measured on pairs it has not seen.
 *
 * @param method how the map was fitted: {@code procrustes} or {@code ridge}
 * @param lambda the ridge that served best, relative to the mean of the diagonal; 0 for procrustes
 * @param trainingPairs pairs it was fitted to
 * @param heldOutPairs pairs it was measured on
 * @param meanCosine cosine between the bridged and the true old vector, on average
 * @param k how many matches of a search were compared
 * @param recall share of the true old vector's nearest {@code k} that the bridged one finds, among
 *     {@code corpus} others
 * @param corpus how many vectors were searched
 */
public record BridgeReport(
    String method,
    double lambda,
    int trainingPairs,
    int heldOutPairs,
    double meanCosine,
    int k,
    double recall,
    int corpus) {
  private static final int FEWEST_HELD_OUT = 20;
  private static final int CORPUS_A_MATCH = 5;

  /**
   * Whether the bridge finds what it should, by a measurement that is worth something: 20 held-out
   * pairs and five vectors a match at least.
   *
   * @param minRecall 0 to 1, for example 0.9
   */
  public boolean isUsable(double minRecall) {
    if (!(minRecall >= 0 && minRecall <= 1)) {
      throw new IllegalArgumentException("minRecall must be 0 to 1: " + minRecall);
    }
    return heldOutPairs >= FEWEST_HELD_OUT && corpus >= k * CORPUS_A_MATCH && recall >= minRecall;
  }
}
