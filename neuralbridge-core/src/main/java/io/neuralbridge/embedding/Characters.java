package io.neuralbridge.embedding;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.Set;

/** What the tokenizer knows of Unicode. */
final class Characters {
  private static final int FIRST_ACCENT = 0x300;
  private static final int LAST_ACCENT = 0x36F;
  private static final int FIRST_UNSPACED = 0xE00;

  private static final Set<UnicodeScript> UNSPACED =
      EnumSet.of(
          UnicodeScript.HAN,
          UnicodeScript.HIRAGANA,
          UnicodeScript.KATAKANA,
          UnicodeScript.THAI,
          UnicodeScript.LAO,
          UnicodeScript.KHMER,
          UnicodeScript.MYANMAR);

  private Characters() {}

  /** Compatibility forms unified, and the accents of Latin, Greek and Cyrillic dropped. */
  static String withoutAccents(String text) {
    if (isAscii(text)) {
      return text;
    }
    String decomposed = Normalizer.normalize(text, Normalizer.Form.NFKD);
    StringBuilder kept = new StringBuilder(decomposed.length());
    for (int i = 0; i < decomposed.length(); i++) {
      char c = decomposed.charAt(i);
      if (c < FIRST_ACCENT || c > LAST_ACCENT) {
        kept.append(c);
      }
    }
    // Recomposed, because Hangul syllables fall apart too.
    return Normalizer.normalize(kept, Normalizer.Form.NFC);
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  /** Letters, digits, and the marks without which the words of many scripts fall apart. */
  static boolean isPartOfWord(int c) {
    if (Character.isLetterOrDigit(c)) {
      return true;
    }
    int type = c < FIRST_ACCENT ? Character.UNASSIGNED : Character.getType(c);
    return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
  }

  /** Whether the character belongs to a script that puts no spaces between words. */
  static boolean isUnspaced(int c) {
    return c >= FIRST_UNSPACED && UNSPACED.contains(UnicodeScript.of(c));
  }

  /** Lower case by way of upper case, so that both forms of the small sigma become one. */
  static int fold(int c) {
    return Character.toLowerCase(Character.toUpperCase(c));
  }
}
