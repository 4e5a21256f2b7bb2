package io.neuralbridge.text;

import java.io.IOException;

/** A fenced code block, to the fence that closes it or to the end of the text. */
record FencedBlock(LineSource lines, Assembler out) {

  void copy(Line opening, Fence fence) throws IOException {
    out.block(true);
    Frame frame = out.frame(fence.open(), fence.close());
    if (frame == null) {
      out.verbatim(opening, Cut.BLOCK);
      frame = out.frame(fence.close(), fence.close());
    }
    String glue = opening.glue();
    Cut cut = Cut.BLOCK;
    Line line;
    while ((line = lines.next()) != null && !fence.isClosedBy(line)) {
      out.verbatim(line, cut == Cut.BLOCK ? glue : line.glue(), cut, frame);
      cut = Cut.LINE;
    }
    if (cut == Cut.BLOCK && frame != null) {
      out.empty(glue, frame);
    }
    out.block(false);
  }
}
