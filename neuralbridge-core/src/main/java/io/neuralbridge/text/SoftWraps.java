package io.neuralbridge.text;

/** Tells lines that were broken to fit a margin from lines that end where their writer meant. */
final class SoftWraps {

  private SoftWraps() {}

  /** The rank of a cut between two lines of a paragraph. */
  static Cut cutBetween(Line before, Line line) {
    String text = line.text();
    int first = 0;
    while (Character.isWhitespace(text.charAt(first))) {
      first++;
    }
    if (Sentences.isEnded(before.text())) {
      return Cut.SENTENCE;
    }
    return Character.isLowerCase(text.charAt(first)) ? Cut.WORD : Cut.LINE;
  }
}
