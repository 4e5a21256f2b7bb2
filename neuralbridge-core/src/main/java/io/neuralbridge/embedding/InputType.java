package io.neuralbridge.embedding;

/**
 * What a text is to be embedded as. Asymmetric models embed the two differently; symmetric ones
 * ignore it.
 */
public enum InputType {
  /** A text to be stored and found. */
  DOCUMENT,
  /** A question that looks for documents. */
  QUERY
}
