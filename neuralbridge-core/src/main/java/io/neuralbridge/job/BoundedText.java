package io.neuralbridge.job;

/** Text that is stored beside a job and must never be what a batch fails for. */
final class BoundedText {

  private BoundedText() {}

  /** {@code text} in at most {@code max} characters, without any that PostgreSQL refuses. */
  static String of(String text, int max) {
    String bounded = text.length() <= max ? text : text.substring(0, end(text, max)) + "…";
    return bounded.replace('\0', '\uFFFD');
  }

  // Half of a surrogate pair is no character, and not every store takes it.
  private static int end(String text, int max) {
    return Character.isHighSurrogate(text.charAt(max - 2)) ? max - 2 : max - 1;
  }
}
