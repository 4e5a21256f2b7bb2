package io.neuralbridge.knowledge;

import io.neuralbridge.knowledge.EmbeddingLedger.Marks;
import io.neuralbridge.vector.VectorStore;
import java.util.Locale;
import java.util.Optional;

/** Whether a generation may become active: first by counts, then by what it finds. */
final class Verification {

  /**
   * What came of it.
   *
   * @param problem why it may not; empty if it may
   */
  record Verdict(Optional<String> problem, Recall recall) {

    static Verdict no(String problem, Object... args) {
      return new Verdict(Optional.of(String.format(Locale.ROOT, problem, args)), Recall.UNKNOWN);
    }
  }

  /** Below this a generation whose predecessor cannot be asked any more is not to be trusted. */
  private static final double LEAST_RECALL = 0.8;

  private final EmbeddingLedger ledger;
  private final VectorStore vectors;
  private final RecallProbe probe;
  private final VerificationRule rule;

  Verification(KnowledgeBase knowledge, VerificationRule rule) {
    this.ledger = knowledge.store().ledger();
    this.vectors = knowledge.vectors();
    this.probe = new RecallProbe(knowledge, rule);
    this.rule = rule;
  }

  Verdict verify(Generation active, Generation building) throws InterruptedException {
    long lacking = ledger.lacking(building.id(), active.id());
    if (lacking > rule.maxLacking()) {
      return Verdict.no(
          "%d chunks lack a vector that they have in generation %d, %d are allowed, and %d failed; each keeps its error in the ledger",
          lacking, active.id(), rule.maxLacking(), ledger.stats(building.id()).failed());
    }
    // Vectors are stored before they are noted, and deleted after: what is counted in between
    // may be more, and never less.
    Marks before = ledger.marks(building.id());
    long count = vectors.count(building.collection());
    Marks after = ledger.marks(building.id());
    if (count < Math.min(before.embedded(), after.embedded())
        || count > Math.max(before.embedded() + before.begun(), after.embedded() + after.begun())) {
      return Verdict.no(
          "the ledger notes %d vectors, and the vector store has %d in collection '%s'",
          after.embedded(), count, building.collection());
    }
    return judge(probe.ask(active, building));
  }

  private Verdict judge(Recall recall) {
    double before = recall.before().orElse(LEAST_RECALL);
    if (recall.after().isPresent() && recall.after().getAsDouble() < before - rule.tolerance()) {
      return Verdict.no(
          "its recall at %d is %.3f, where %.3f is asked for with a tolerance of %.3f",
          rule.k(), recall.after().getAsDouble(), before, rule.tolerance());
    }
    if (recall.agreement().isPresent() && recall.agreement().getAsDouble() < rule.minAgreement()) {
      return Verdict.no(
          "only %.3f of the active generation's %d best hits are among its own, at least %.3f must be",
          recall.agreement().getAsDouble(), rule.k(), rule.minAgreement());
    }
    return new Verdict(Optional.empty(), recall);
  }
}
