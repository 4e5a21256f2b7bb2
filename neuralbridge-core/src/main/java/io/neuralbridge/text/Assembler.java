package io.neuralbridge.text;

import org.jspecify.annotations.Nullable;

/** What a parser says about a text, turned into the packer's sections, blocks and segments. */
final class Assembler {

  private final Measure measure;
  private final Packer packer;
  private final Segmenter segmenter;
  private final HeadingPath path;

  Assembler(Measure measure, Packer packer) {
    this.measure = measure;
    this.packer = packer;
    this.segmenter = new Segmenter(measure, packer::add);
    this.path = new HeadingPath(measure);
    packer.startSection("");
  }

  /** A heading, which closes those of the same and of deeper levels. */
  void heading(int level, String title) {
    endSection(level);
    path.push(level, title);
    packer.startSection(path.toString());
    for (Heading hidden : path.hidden()) {
      paragraph(hidden);
    }
  }

  /**
   * The next line starts a block.
   *
   * @param whole whether to keep it in one piece even at the price of a small chunk before it
   */
  void block(boolean whole) {
    packer.startBlock(whole);
  }

  void prose(Line line, Cut cut) {
    segmenter.prose(line.text(), line.glue(), line.continued() ? line.continuationCut() : cut);
  }

  void verbatim(Line line, Cut cut) {
    verbatim(line, line.glue(), cut, null);
  }

  void verbatim(Line line, String glue, Cut cut, @Nullable Frame frame) {
    Cut actual = line.continued() ? line.continuationCut() : cut;
    segmenter.verbatim(line.text(), glue, actual, frame);
  }

  /** An empty line in a frame, so that a block without content still shows its frame. */
  void empty(String glue, Frame frame) {
    packer.add(new Segment("", glue, Cut.BLOCK, frame, glue.length()));
  }

  /** The frame of these lines, or null if they are too long to repeat. */
  @Nullable Frame frame(String open, String close) {
    Frame frame = new Frame(open, close, measure);
    return frame.weight() <= measure.maxFrame() ? frame : null;
  }

  void finish() {
    endSection(0);
  }

  private void endSection(int nextLevel) {
    if (packer.endSection()) {
      path.markShown();
    }
    Heading withoutContent = path.popUnshown(nextLevel);
    if (withoutContent != null) {
      packer.startSection(path.toString());
      paragraph(withoutContent);
      packer.endSection();
      path.markShown();
    }
  }

  private void paragraph(Heading heading) {
    packer.startBlock(false);
    segmenter.prose(heading.title, Segment.AFTER_BLANK_LINE, Cut.BLOCK);
    heading.shown = true;
  }
}
