package io.neuralbridge.text;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A table, to the first line that is no row. */
record TableBlock(LineSource lines, Assembler out) {

  void copy(Line head) throws IOException {
    out.block(true);
    Line delimiter = lines.next();
    String delimiterText = delimiter == null ? "" : delimiter.text();
    Frame frame = out.frame(head.text() + "\n" + delimiterText, "");
    if (frame == null) {
      out.verbatim(head, Cut.BLOCK);
      rows(null, head.glue(), Cut.LINE);
    } else if (!rows(frame, head.glue(), Cut.BLOCK)) {
      out.empty(head.glue(), frame);
    }
    out.block(false);
  }

  private boolean rows(@Nullable Frame frame, String firstGlue, Cut firstCut) throws IOException {
    boolean any = false;
    for (Line row = lines.peek(); goesOn(row); row = lines.peek()) {
      Line line = lines.next();
      if (line == null) {
        break;
      }
      if (any || frame == null) {
        out.verbatim(line, line.glue(), Cut.LINE, frame);
      } else {
        out.verbatim(line, firstGlue, firstCut, frame);
      }
      any = true;
    }
    return any;
  }

  private static boolean goesOn(@Nullable Line line) {
    return line != null
        && (line.continued()
            || (!line.afterGap()
                && MarkdownSyntax.isTableRow(line)
                && MarkdownSyntax.headingLevel(line) == 0
                && Fence.opening(line) == null));
  }
}
