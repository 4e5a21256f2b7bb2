package io.neuralbridge.embedding;

import io.neuralbridge.text.TokenCounter;

/**
 * A text and its weight. Tokens are counted at most once, and only where the bytes, which a
 * tokenizer never exceeds, leave a doubt: counting costs more than all else that is done to a text.
 */
final class WeighedText {

  /** No token of any vocabulary in use is longer, so this needs no count either. */
  private static final int LONGEST_TOKEN = 128;

  /** Of most texts in most languages, about. */
  private static final int BYTES_PER_TOKEN = 4;

  private final int position;
  private final String text;
  private final TokenCounter counter;
  private final int utf8Bytes;
  private final long jsonBytes;
  private int tokens = -1;

  WeighedText(int position, String text, TokenCounter counter) {
    this.position = position;
    this.text = text;
    this.counter = counter;
    long utf8 = 0;
    long escapes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      utf8 += c < 0x80 ? 1 : c < 0x800 ? 2 : Character.isSurrogate(c) ? 2 : 3;
      escapes += c == '"' || c == '\\' ? 1 : c < 0x20 ? 5 : 0;
    }
    this.utf8Bytes = (int) Math.min(utf8, Integer.MAX_VALUE);
    this.jsonBytes = utf8 + escapes + 3;
  }

  int position() {
    return position;
  }

  String text() {
    return text;
  }

  /** At most, in the body of a request: escaped, in quotes, with a comma. */
  long jsonBytes() {
    return jsonBytes;
  }

  /** Tokens at most. */
  int upperBound() {
    return tokens >= 0 ? tokens : utf8Bytes;
  }

  /** Tokens, about: not counted for it. */
  int estimate() {
    return tokens >= 0 ? tokens : utf8Bytes / BYTES_PER_TOKEN + 1;
  }

  /** Tokens at least, as far as is known without counting. */
  int lowerBound() {
    return tokens >= 0 ? tokens : text.length() / LONGEST_TOKEN;
  }

  int tokens() {
    if (tokens < 0) {
      tokens = counter.count(text);
    }
    return tokens;
  }

  boolean hasMoreTokensThan(int max) {
    if (upperBound() <= max) {
      return false;
    }
    return lowerBound() > max || tokens() > max;
  }

  WeighedText truncatedTo(int max) {
    return new WeighedText(position, counter.truncate(text, max), counter);
  }
}
