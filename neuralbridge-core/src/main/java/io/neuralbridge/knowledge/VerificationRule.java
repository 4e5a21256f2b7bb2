package io.neuralbridge.knowledge;

/**
 * When a generation may become active. Defaults: it lacks no chunk that the active one has; recall
 * at 10 may be 0.05 worse; the 10 best hits have a fifth in common; 50 queries, of no log.
 *
 * @param queries what is asked of both generations
 * @param most how many queries, 0 to 10,000; 0 compares counts alone
 * @param k how many hits count, 1 to 1,000
 * @param tolerance how much lower the new generation's recall may be, 0 to 1. Recall counts queries
 *     whose documents are known, or the samples, each of which should find its own chunk. Where the
 *     active generation's model is not here, it must be 0.8 less this
 * @param minAgreement the least share of the active generation's hits that the new one has too, on
 *     average over queries whose documents are not known, 0 to 1
 * @param maxLacking how many chunks may be without a vector that have one in the active generation
 */
public record VerificationRule(
    VerificationQueries queries,
    int most,
    int k,
    double tolerance,
    double minAgreement,
    long maxLacking) {

  public VerificationRule {
    requireRange("most", most, 0, 10_000);
    requireRange("k", k, 1, 1_000);
    requireRange("tolerance", tolerance, 0, 1);
    requireRange("minAgreement", minAgreement, 0, 1);
    requireRange("maxLacking", (double) maxLacking, 0, Double.MAX_VALUE);
  }

  private static void requireRange(String name, double value, double from, double to) {
    if (!(value >= from && value <= to)) {
      throw new IllegalArgumentException(
          "%s must be between %s and %s: %s".formatted(name, from, to, value));
    }
  }

  public static VerificationRule defaults() {
    return new VerificationRule(VerificationQueries.NONE, 50, 10, 0.05, 0.2, 0);
  }

  public VerificationRule withQueries(VerificationQueries queries) {
    return new VerificationRule(queries, most, k, tolerance, minAgreement, maxLacking);
  }

  public VerificationRule withMost(int most) {
    return new VerificationRule(queries, most, k, tolerance, minAgreement, maxLacking);
  }

  public VerificationRule withK(int k) {
    return new VerificationRule(queries, most, k, tolerance, minAgreement, maxLacking);
  }

  public VerificationRule withTolerance(double tolerance) {
    return new VerificationRule(queries, most, k, tolerance, minAgreement, maxLacking);
  }

  public VerificationRule withMinAgreement(double minAgreement) {
    return new VerificationRule(queries, most, k, tolerance, minAgreement, maxLacking);
  }

  public VerificationRule withMaxLacking(long maxLacking) {
    return new VerificationRule(queries, most, k, tolerance, minAgreement, maxLacking);
  }
}
