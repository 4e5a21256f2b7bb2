package io.neuralbridge.embedding;

/**
 * A text for a batch.
 *
 * @param id by which its result is told apart, 1 to 200 characters, once in a batch
 * @param text not blank
 */
public record BatchText(String id, String text) {

  public BatchText {
    if (id.isBlank() || id.length() > 200) {
      throw new IllegalArgumentException("a text's id must be 1 to 200 characters: '" + id + "'");
    }
    if (text.isBlank()) {
      throw new IllegalArgumentException("the text '" + id + "' is blank: leave it out");
    }
  }
}
