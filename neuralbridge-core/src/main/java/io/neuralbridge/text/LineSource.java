package io.neuralbridge.text;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** The normalised, non-blank lines of a text, read in pieces of bounded length. */
final class LineSource {

  /** Longer lines come in pieces: long enough for any line with a meaning of its own. */
  static final int LONGEST = 8192;

  private static final int LONGEST_BLANK_RUN = 64;
  private static final int END = -1;

  private final Reader reader;
  private final char[] buffer = new char[LONGEST];
  private int position;
  private int limit;
  private boolean skipLineFeed;

  private final StringBuilder line = new StringBuilder(LONGEST);
  private int blankRun;
  private boolean afterGap;
  private boolean continued;
  private @Nullable Line peeked;

  LineSource(Reader reader) {
    this.reader = reader;
  }

  /** The next line, or null at the end. */
  @Nullable Line next() throws IOException {
    Line result = peek();
    peeked = null;
    return result;
  }

  /** What {@link #next} will return. */
  @Nullable Line peek() throws IOException {
    if (peeked == null) {
      peeked = read();
    }
    return peeked;
  }

  private @Nullable Line read() throws IOException {
    while (true) {
      int c = character();
      if (c == END || c == '\n' || c == '\f') {
        Line ended = endLine(c);
        if (ended != null || c == END) {
          return ended;
        }
      } else if (append((char) c)) {
        return cutLine();
      }
    }
  }

  /** Adds a character and tells whether the line has grown too long. */
  private boolean append(char c) {
    blankRun = Character.isWhitespace(c) ? blankRun + 1 : 0;
    if (blankRun <= LONGEST_BLANK_RUN) {
      line.append(c);
    }
    return line.length() == LONGEST;
  }

  private @Nullable Line endLine(int terminator) {
    Line ended = take(line.length());
    if (ended == null && !continued) {
      afterGap = true;
    }
    afterGap |= terminator == '\f';
    continued = false;
    blankRun = 0;
    return ended;
  }

  private @Nullable Line cutLine() {
    int earliest = LONGEST / 4 * 3;
    int at = LONGEST - 1;
    while (at > earliest && !Character.isWhitespace(line.charAt(at))) {
      at--;
    }
    if (at == earliest) {
      at = Graphemes.cutBefore(line, earliest, LONGEST - 1);
    }
    Line piece = take(at);
    continued = true;
    return piece;
  }

  private @Nullable Line take(int length) {
    String text = line.substring(0, length).stripTrailing();
    line.delete(0, length);
    if (text.isEmpty()) {
      return null;
    }
    Line taken = new Line(text, afterGap, continued);
    afterGap = false;
    return taken;
  }

  private int character() throws IOException {
    while (position < limit || fill()) {
      char c = buffer[position++];
      boolean restOfLineEnd = skipLineFeed && c == '\n';
      skipLineFeed = c == '\r';
      if (!restOfLineEnd) {
        return c == '\r' ? '\n' : c;
      }
    }
    return END;
  }

  private boolean fill() throws IOException {
    boolean first = limit == 0;
    position = 0;
    do {
      limit = reader.read(buffer, 0, buffer.length);
    } while (limit == 0);
    if (first && limit > 0 && buffer[0] == '\uFEFF') {
      position = 1;
    }
    return limit > 0 && (position < limit || fill());
  }
}
