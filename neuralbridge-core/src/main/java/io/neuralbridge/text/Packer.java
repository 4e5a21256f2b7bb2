package io.neuralbridge.text;

import java.util.function.Consumer;

/**
 * Packs blocks into chunks. Holds at most one chunk, and one block for as long as it may still fit
 * into a chunk as a whole; a longer block is passed on segment by segment.
 */
final class Packer {

  private final Measure measure;
  private final Consumer<Passage> sink;

  private String heading = "";
  private int budget;
  private int position;
  private int positionOfSection;

  private Draft chunk = new Draft();
  private Draft block = new Draft();
  private boolean blockIsWhole;
  private boolean blockIsTooLong;

  Packer(Measure measure, Consumer<Passage> sink) {
    this.measure = measure;
    this.sink = sink;
  }

  void startSection(String heading) {
    this.heading = heading;
    budget = measure.max() - (heading.isEmpty() ? 0 : measure.weigh(heading + "\n"));
    positionOfSection = position;
  }

  /** Hands on what is left and tells whether the section had any passage. */
  boolean endSection() {
    endBlock();
    emitAll(0);
    chunk = new Draft();
    return position > positionOfSection;
  }

  void startBlock(boolean whole) {
    endBlock();
    blockIsWhole = whole;
  }

  void add(Segment segment) {
    if (blockIsTooLong) {
      append(segment);
      return;
    }
    block.add(segment);
    if (block.weight() > budget) {
      blockIsTooLong = true;
      if (chunk.newWeight() * 2 >= budget) {
        emit(chunk.size(), measure.overlap());
      }
      releaseBlock();
    }
  }

  private void endBlock() {
    if (!chunk.fits(block, budget) && (blockIsWhole || chunk.newWeight() * 4 >= budget)) {
      emitAll(Math.min(measure.overlap(), budget - block.weight()));
    }
    releaseBlock();
    blockIsTooLong = false;
  }

  private void releaseBlock() {
    Draft released = block;
    block = new Draft();
    released.segments().forEach(this::append);
  }

  private void append(Segment segment) {
    while (!chunk.fits(segment, budget)) {
      if (!chunk.hasNews()) {
        chunk = new Draft();
        break;
      }
      int cut = chunk.bestCut(segment, budget);
      int rest = chunk.weightFrom(cut) + segment.weightAfter(null);
      emit(cut, Math.min(measure.overlap(), budget - rest));
    }
    chunk.add(segment);
  }

  private void emitAll(int overlap) {
    while (chunk.hasNews()) {
      emit(chunk.size(), overlap);
    }
  }

  /**
   * Hands on the chunk up to {@code end} and keeps the rest. Weights of segments need not add up to
   * the weight of their text, so the text itself decides: if too heavy, it first loses what it
   * repeats, then segments at its end.
   */
  private void emit(int end, int overlap) {
    int to = end;
    String text = chunk.render(to);
    while (to > 1 && measure.weigh(text) > budget) {
      if (chunk.carried() > 0) {
        to -= chunk.carried();
        chunk = chunk.withoutCarried();
      } else {
        to--;
      }
      text = chunk.render(to);
    }
    if (!text.isBlank()) {
      sink.accept(new Passage(position++, heading, text));
    }
    chunk = chunk.tail(to, overlap);
  }
}
