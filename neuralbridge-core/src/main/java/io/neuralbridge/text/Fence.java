package io.neuralbridge.text;

import org.jspecify.annotations.Nullable;

/**
 * The line that opens a fenced code block.
 *
 * @param marker its run of backticks or tildes
 * @param info what follows, mostly the language
 */
record Fence(String indent, String marker, String info) {

  /** The fence that this line opens, or null. */
  static @Nullable Fence opening(Line line) {
    String text = line.text().stripLeading();
    char mark = text.charAt(0);
    if (line.continued() || (mark != '`' && mark != '~')) {
      return null;
    }
    int length = lengthOf(text, mark);
    String info = text.substring(length).strip();
    if (length < 3 || (mark == '`' && info.indexOf('`') >= 0)) {
      return null;
    }
    String indent = line.text().substring(0, line.text().length() - text.length());
    return new Fence(indent, text.substring(0, length), info);
  }

  boolean isClosedBy(Line line) {
    String text = line.text().strip();
    int length = lengthOf(text, marker.charAt(0));
    return !line.continued() && length == text.length() && length >= marker.length();
  }

  String open() {
    return indent + marker + info;
  }

  String close() {
    return indent + marker;
  }

  private static int lengthOf(String text, char mark) {
    int length = 0;
    while (length < text.length() && text.charAt(length) == mark) {
      length++;
    }
    return length;
  }
}
