package io.neuralbridge.embedding;

/** What becomes of a text that has more tokens than a model takes, by the model's own counter. */
public enum Oversize {
  /** It fails, and costs no call. The default. */
  FAIL,
  /**
   * Its beginning is embedded: as many tokens as the model takes, cut between characters. Where the
   * provider finds it too long nevertheless, three quarters of it, and so on.
   */
  TRUNCATE,
  /**
   * It is sent, in a request of its own, and the provider decides. For counters that are but
   * estimates, at the cost of a call for each text that is too long indeed.
   */
  SEND_ALONE
}
