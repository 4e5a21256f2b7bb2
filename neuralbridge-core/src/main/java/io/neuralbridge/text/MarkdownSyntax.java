package io.neuralbridge.text;

import org.jspecify.annotations.Nullable;

/** What a line of Markdown looks like by itself, after the CommonMark and GFM specifications. */
final class MarkdownSyntax {

  private static final int CODE_INDENT = 4;

  private MarkdownSyntax() {}

  static boolean isIndentedCode(Line line) {
    return line.indent() >= CODE_INDENT;
  }

  /** The level of an ATX heading, or 0 for any other line. */
  static int headingLevel(Line line) {
    String text = line.text().strip();
    int level = run(text, '#');
    boolean heading =
        level >= 1
            && level <= 6
            && (text.length() == level || Character.isWhitespace(text.charAt(level)));
    return heading && !isIndentedCode(line) ? level : 0;
  }

  /** The title of an ATX heading, without its closing number signs. */
  static String headingTitle(Line line) {
    String text = line.text().strip();
    String title = text.substring(run(text, '#')).strip();
    int end = title.length();
    while (end > 0 && title.charAt(end - 1) == '#') {
      end--;
    }
    boolean closed = end == 0 || (end < title.length() && isSpace(title.charAt(end - 1)));
    return closed ? title.substring(0, end).strip() : title;
  }

  /** The level of the heading that this line underlines, or 0. */
  static int underlineLevel(@Nullable Line line) {
    if (line == null || line.afterGap() || line.continued() || isIndentedCode(line)) {
      return 0;
    }
    String text = line.text().strip();
    if (run(text, '=') == text.length()) {
      return 1;
    }
    return run(text, '-') == text.length() ? 2 : 0;
  }

  /** Three or more of the same of {@code - * _}, and nothing else but white space. */
  static boolean isRule(Line line) {
    String text = line.text().strip();
    char mark = text.charAt(0);
    if ((mark != '-' && mark != '*' && mark != '_') || isIndentedCode(line)) {
      return false;
    }
    int marks = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == mark) {
        marks++;
      } else if (!isSpace(text.charAt(i))) {
        return false;
      }
    }
    return marks >= 3;
  }

  static boolean isQuote(Line line) {
    return line.text().stripLeading().charAt(0) == '>' && !isIndentedCode(line);
  }

  /** A bullet or a number of up to nine digits, then white space or the end of the line. */
  static boolean isListItem(Line line) {
    String text = line.text().stripLeading();
    char first = text.charAt(0);
    int end = first == '-' || first == '*' || first == '+' ? 1 : endOfNumber(text);
    return end > 0 && (end == text.length() || isSpace(text.charAt(end)));
  }

  private static int endOfNumber(String text) {
    int at = 0;
    while (at < text.length() && at < 9 && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    boolean marked =
        at > 0 && at < text.length() && (text.charAt(at) == '.' || text.charAt(at) == ')');
    return marked ? at + 1 : 0;
  }

  static boolean isTableRow(Line line) {
    return line.text().indexOf('|') >= 0 && !line.continued();
  }

  /** The line below a table's head: dashes, colons, pipes, at least one dash and one pipe. */
  static boolean isTableDelimiter(@Nullable Line line) {
    if (line == null || line.afterGap() || !isTableRow(line) || line.text().indexOf('-') < 0) {
      return false;
    }
    return line.text().chars().allMatch(c -> c == '|' || c == '-' || c == ':' || isSpace((char) c));
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }

  private static int run(String text, char mark) {
    int length = 0;
    while (length < text.length() && text.charAt(length) == mark) {
      length++;
    }
    return length;
  }
}
