package io.neuralbridge.embedding;

/** What became of one text of many. */
public sealed interface EmbeddedText {

  /** It has a vector. */
  record Embedded(float[] vector) implements EmbeddedText {}

  /** It alone cannot be embedded, and others can. */
  record Failed(EmbeddingException error) implements EmbeddedText {}

  /** It was not its turn yet when the provider stopped taking calls. */
  record Untried() implements EmbeddedText {}
}
