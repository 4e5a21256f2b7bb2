package io.neuralbridge.text;

/** A heading that is open: what follows belongs to it. */
final class Heading {

  final int level;
  final String title;

  /** Whether its words are in some passage already. */
  boolean shown;

  Heading(int level, String title) {
    this.level = level;
    this.title = title;
    this.shown = title.isEmpty();
  }
}
