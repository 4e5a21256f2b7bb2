package io.neuralbridge.text;

/**
 * A piece of a text as a {@link Chunker} cut it.
 *
 * @param position where it stands among the text's passages: 0, 1, 2 and so on without a gap
 * @param heading the headings above it, outermost first, such as {@code Install > Linux}; empty if
 *     there are none
 * @param text what it says, never blank; its lines end with {@code \n}, the last one with nothing
 */
public record Passage(int position, String heading, String text) {

  public Passage {
    if (position < 0) {
      throw new IllegalArgumentException("position must not be negative: " + position);
    }
  }

  /**
   * What to embed: the heading path on a line of its own, if there is one, then the text. A passage
   * often names its subject nowhere but in its headings.
   */
  public String embeddingText() {
    return heading.isEmpty() ? text : heading + "\n" + text;
  }
}
