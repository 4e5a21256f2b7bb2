package io.neuralbridge.text;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The YAML between {@code ---} lines that many tools put on top of a Markdown file. */
final class FrontMatter {

  /** Where to stop believing that a first line of dashes opened front matter. */
  private static final int MOST_LINES = 200;

  private FrontMatter() {}

  static void copy(LineSource lines, Assembler out) throws IOException {
    Line first = lines.peek();
    if (first == null || !first.text().equals("---") || first.afterGap()) {
      return;
    }
    lines.next();
    if (!startsWithKey(lines.peek())) {
      return;
    }
    out.block(false);
    int copied = 0;
    for (Line line = lines.next(); line != null && !isEnd(line); line = lines.next()) {
      out.verbatim(line, copied == 0 ? Cut.BLOCK : Cut.LINE);
      if (++copied >= MOST_LINES && !continues(lines.peek())) {
        return;
      }
    }
  }

  private static boolean continues(@Nullable Line line) {
    return line != null && line.continued();
  }

  private static boolean startsWithKey(@Nullable Line line) {
    if (line == null || line.afterGap()) {
      return false;
    }
    int colon = line.text().indexOf(':');
    return colon > 0
        && line.text()
            .substring(0, colon)
            .chars()
            .allMatch(c -> Character.isLetterOrDigit(c) || c == '-' || c == '_');
  }

  private static boolean isEnd(Line line) {
    return !line.continued() && (line.text().equals("---") || line.text().equals("..."));
  }
}
