package io.neuralbridge.flow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Looks for a way from a name back to it. Without recursion: workflows may be long. */
final class CycleSearch {

  private record Step(String name, Iterator<String> next) {}

  private final Function<String, List<String>> next;
  private final Set<String> done = new HashSet<>();
  private final Set<String> onPath = new HashSet<>();
  private final Deque<Step> path = new ArrayDeque<>();

  CycleSearch(Function<String, List<String>> next) {
    this.next = next;
  }

  /** The names of a cycle, the first one again at its end; empty if there is none. */
  List<String> from(List<String> starts) {
    for (String start : starts) {
      List<String> cycle = done.contains(start) ? List.of() : walk(start);
      if (!cycle.isEmpty()) {
        return cycle;
      }
    }
    return List.of();
  }

  private List<String> walk(String start) {
    enter(start);
    while (!path.isEmpty()) {
      Step step = path.getLast();
      if (!step.next.hasNext()) {
        leave(step);
        continue;
      }
      String name = step.next.next();
      if (onPath.contains(name)) {
        return cycleTo(name);
      }
      if (!done.contains(name)) {
        enter(name);
      }
    }
    return List.of();
  }

  private void enter(String name) {
    path.addLast(new Step(name, next.apply(name).iterator()));
    onPath.add(name);
  }

  private void leave(Step step) {
    path.removeLast();
    onPath.remove(step.name);
    done.add(step.name);
  }

  private List<String> cycleTo(String name) {
    List<String> cycle = new ArrayList<>();
    for (Step step : path) {
      if (!cycle.isEmpty() || step.name.equals(name)) {
        cycle.add(step.name);
      }
    }
    cycle.add(name);
    return cycle;
  }
}
