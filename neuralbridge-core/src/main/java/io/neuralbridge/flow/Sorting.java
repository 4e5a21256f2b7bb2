package io.neuralbridge.flow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Puts names in an order in which each stands behind what it comes after. */
final class Sorting {

  private Sorting() {}

  /**
   * @param needs what a name comes after; names that are not among {@code names} are ignored
   */
  static List<String> sort(List<String> names, Function<String, Set<String>> needs) {
    Map<String, Integer> open = new HashMap<>();
    names.forEach(name -> open.put(name, 0));
    Map<String, List<String>> dependents = new HashMap<>();
    for (String name : names) {
      for (String needed : needs.apply(name)) {
        if (open.containsKey(needed)) {
          open.merge(name, 1, Integer::sum);
          dependents.computeIfAbsent(needed, key -> new ArrayList<>()).add(name);
        }
      }
    }
    return inOrder(names, open, dependents);
  }

  private static List<String> inOrder(
      List<String> names, Map<String, Integer> open, Map<String, List<String>> dependents) {
    Deque<String> free = new ArrayDeque<>();
    names.stream().filter(name -> open.getOrDefault(name, 0) == 0).forEach(free::add);
    List<String> sorted = new ArrayList<>(names.size());
    while (!free.isEmpty()) {
      String name = free.remove();
      sorted.add(name);
      for (String dependent : dependents.getOrDefault(name, List.of())) {
        if (open.merge(dependent, -1, Integer::sum) == 0) {
          free.add(dependent);
        }
      }
    }
    return sorted;
  }
}
