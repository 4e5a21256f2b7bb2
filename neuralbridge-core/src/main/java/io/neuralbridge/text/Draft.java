package io.neuralbridge.text;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A chunk in the making: first what it repeats of the one before, then what is new. */
final class Draft {

  private final List<Segment> segments = new ArrayList<>();
  private int carried;
  private int carriedWeight;
  private int weight;

  void add(Segment segment) {
    weight += segment.weightAfter(lastFrame());
    segments.add(segment);
  }

  boolean fits(Segment segment, int budget) {
    return weight + segment.weightAfter(lastFrame()) <= budget;
  }

  boolean fits(Draft other, int budget) {
    return weight + other.weight <= budget;
  }

  List<Segment> segments() {
    return segments;
  }

  int size() {
    return segments.size();
  }

  int carried() {
    return carried;
  }

  boolean hasNews() {
    return segments.size() > carried;
  }

  int weight() {
    return weight;
  }

  int newWeight() {
    return weight - carriedWeight;
  }

  /** What the segments from {@code index} on weigh as a draft of their own. */
  int weightFrom(int index) {
    return copy(index, segments.size()).weight;
  }

  /**
   * Where to cut if {@code next} no longer fits: the last of the best places in the second half,
   * the end included.
   */
  int bestCut(Segment next, int budget) {
    int best = segments.size();
    Cut cut = next.cut();
    int before = weight;
    for (int i = segments.size() - 1; i > carried; i--) {
      before -= segments.get(i).weight();
      if (before < budget / 2) {
        break;
      }
      if (segments.get(i).cut().isBetterThan(cut)) {
        best = i;
        cut = segments.get(i).cut();
      }
    }
    return best;
  }

  Draft withoutCarried() {
    return copy(carried, segments.size());
  }

  /**
   * The draft that follows if this one is handed on up to {@code end}: up to {@code overlap} of its
   * tail, and all that comes after {@code end}.
   */
  Draft tail(int end, int overlap) {
    Draft tail = copy(startOfOverlap(end, overlap), end);
    tail.carried = tail.size();
    tail.carriedWeight = tail.weight;
    for (Segment segment : segments.subList(end, segments.size())) {
      tail.add(segment);
    }
    return tail;
  }

  /** The longest tail that starts with a sentence; else with a word; else the longest. */
  private int startOfOverlap(int end, int overlap) {
    int start = end;
    boolean atSentence = false;
    boolean atWord = false;
    int sum = 0;
    for (int i = end - 1; i > 0; i--) {
      Segment segment = segments.get(i);
      Segment after = i + 1 < end ? segments.get(i + 1) : null;
      sum += segment.weightAfter(after == null ? null : after.frame());
      if (sum > overlap) {
        break;
      }
      boolean sentence = !Cut.SENTENCE.isBetterThan(segment.cut());
      boolean word = !Cut.WORD.isBetterThan(segment.cut());
      if (sentence || (word && !atSentence) || !atWord) {
        start = i;
      }
      atSentence |= sentence;
      atWord |= word;
    }
    return start;
  }

  private Draft copy(int from, int to) {
    Draft copy = new Draft();
    for (Segment segment : segments.subList(from, to)) {
      copy.add(segment);
    }
    return copy;
  }

  private @Nullable Frame lastFrame() {
    return segments.isEmpty() ? null : segments.get(segments.size() - 1).frame();
  }

  /** The text of the segments before {@code end}, each run of a frame inside its frame. */
  String render(int end) {
    StringBuilder text = new StringBuilder();
    Frame frame = null;
    for (Segment segment : segments.subList(0, end)) {
      boolean first = text.isEmpty();
      boolean framed = segment.frame() == frame;
      if (!framed && frame != null) {
        frame.close(text);
      }
      text.append(first ? "" : segment.glue());
      frame = segment.frame();
      if (!framed && frame != null) {
        frame.open(text);
      }
      boolean trim = first && segment.cut().isInsideLine();
      text.append(trim ? segment.text().stripLeading() : segment.text());
    }
    if (frame != null) {
      frame.close(text);
    }
    return text.toString().stripTrailing();
  }
}
