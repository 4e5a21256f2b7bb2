package io.neuralbridge.text;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Cuts lines to segments, each small beside a chunk, weighing every character once or twice. */
record Segmenter(Measure measure, Consumer<Segment> sink) {

  private static final int LONGEST_SLICE = 64;

  /** A line of natural language: a segment for each sentence. */
  void prose(String line, String glue, Cut cut) {
    int start = 0;
    while (start < line.length()) {
      int end = Sentences.end(line, start);
      String sentence = line.substring(start, end);
      if (start == 0) {
        wholeOrWords(sentence, glue, cut, null);
      } else {
        wholeOrWords(sentence, Segment.SAME_LINE, Cut.SENTENCE, null);
      }
      start = end;
    }
  }

  /** A line of anything else: one segment, if it is not too long. */
  void verbatim(String line, String glue, Cut cut, @Nullable Frame frame) {
    wholeOrWords(line, glue, cut, frame);
  }

  private void wholeOrWords(String text, String glue, Cut cut, @Nullable Frame frame) {
    if (!accept(text, glue, cut, frame)) {
      words(text, glue, cut, frame);
    }
  }

  private void words(String text, String glue, Cut cut, @Nullable Frame frame) {
    int end = endOfWord(text, 0);
    wordOrSlices(text.substring(0, end), glue, cut, frame);
    while (end < text.length()) {
      int start = end;
      end = endOfWord(text, start);
      wordOrSlices(text.substring(start, end), Segment.SAME_LINE, Cut.WORD, frame);
    }
  }

  private static int endOfWord(String text, int start) {
    int at = start;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private void wordOrSlices(String word, String glue, Cut cut, @Nullable Frame frame) {
    if (word.length() <= LONGEST_SLICE && accept(word, glue, cut, frame)) {
      return;
    }
    int length = Math.max(1, Math.min(measure.maxSegment() / 2, LONGEST_SLICE));
    int end = Graphemes.cutBefore(word, 0, Math.min(word.length(), length));
    slice(word.substring(0, end), glue, cut, frame);
    while (end < word.length()) {
      int start = end;
      end = Graphemes.cutBefore(word, start, Math.min(word.length(), start + length));
      slice(word.substring(start, end), Segment.SAME_LINE, Cut.CHARACTER, frame);
    }
  }

  private void slice(String text, String glue, Cut cut, @Nullable Frame frame) {
    if (accept(text, glue, cut, frame)) {
      return;
    }
    int codePoints = text.codePointCount(0, text.length());
    if (codePoints == 1) {
      sink.accept(new Segment(text, glue, cut, frame, weigh(text, glue)));
      return;
    }
    int middle = text.offsetByCodePoints(0, codePoints / 2);
    slice(text.substring(0, middle), glue, cut, frame);
    slice(text.substring(middle), Segment.SAME_LINE, Cut.CHARACTER, frame);
  }

  private boolean accept(String text, String glue, Cut cut, @Nullable Frame frame) {
    int weight = weigh(text, glue);
    if (weight > measure.maxSegment()) {
      return false;
    }
    sink.accept(new Segment(text, glue, cut, frame, weight));
    return true;
  }

  private int weigh(String text, String glue) {
    return measure.weigh(text) + glue.length();
  }
}
