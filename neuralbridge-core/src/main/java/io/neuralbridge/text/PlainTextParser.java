package io.neuralbridge.text;

import java.io.IOException;

/** Plain text: blank lines and form feeds set blocks apart. */
record PlainTextParser(LineSource lines, Assembler out) implements StreamingChunker.Parser {

  @Override
  public void parse() throws IOException {
    Line before = null;
    Line line;
    while ((line = lines.next()) != null) {
      if (before == null || line.afterGap()) {
        out.block(false);
        out.prose(line, Cut.BLOCK);
      } else {
        out.prose(line, SoftWraps.cutBetween(before, line));
      }
      before = line;
    }
  }
}
