package io.neuralbridge.embedding;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Foreign text for messages and logs: one short line, without the key and what was to be embedded.
 */
final class SafeText {

  private static final int LONGEST = 300;

  /** Shorter texts are words that a message may need. */
  private static final int SHORTEST_TEXT = 8;

  private SafeText() {}

  static String of(String foreign, @Nullable String key, List<String> texts) {
    String safe = key == null || key.isEmpty() ? foreign : foreign.replace(key, "***");
    for (String text : texts) {
      if (text.length() >= SHORTEST_TEXT) {
        safe = safe.replace(text, "…");
      }
    }
    String line = safe.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
