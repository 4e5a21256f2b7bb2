package io.neuralbridge.text;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The headings that are open, and as many of them, from the innermost outwards, as may stand above
 * a passage.
 */
final class HeadingPath {

  private static final String SEPARATOR = " > ";

  private final Measure measure;
  private final List<Heading> open = new ArrayList<>();
  private final List<Heading> visible = new ArrayList<>();

  HeadingPath(Measure measure) {
    this.measure = measure;
  }

  void push(int level, String title) {
    open.removeIf(heading -> heading.level >= level);
    open.add(new Heading(level, title));
    chooseVisible();
  }

  /** Closes and returns the innermost heading if no passage has it and the next is not below it. */
  @Nullable Heading popUnshown(int nextLevel) {
    Heading innermost = open.isEmpty() ? null : open.get(open.size() - 1);
    if (innermost == null || innermost.shown || innermost.level < nextLevel) {
      return null;
    }
    open.remove(innermost);
    chooseVisible();
    return innermost;
  }

  /** Open headings that no passage has and that have no place above the next one. */
  List<Heading> hidden() {
    return open.stream().filter(heading -> !heading.shown && !visible.contains(heading)).toList();
  }

  void markShown() {
    visible.forEach(heading -> heading.shown = true);
  }

  @Override
  public String toString() {
    return join(visible);
  }

  private void chooseVisible() {
    visible.clear();
    for (int i = open.size() - 1; i >= 0; i--) {
      Heading heading = open.get(i);
      if (heading.title.isEmpty() || !fits(List.of(heading))) {
        continue;
      }
      visible.add(0, heading);
      if (!fits(visible)) {
        visible.remove(0);
        return;
      }
    }
  }

  private boolean fits(List<Heading> headings) {
    return measure.weigh(join(headings) + "\n") <= measure.maxHeading();
  }

  private static String join(List<Heading> headings) {
    return String.join(SEPARATOR, headings.stream().map(heading -> heading.title).toList());
  }
}
