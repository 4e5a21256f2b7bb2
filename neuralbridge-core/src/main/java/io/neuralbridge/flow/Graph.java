package io.neuralbridge.flow;

import io.neuralbridge.job.DidYouMean;
import io.neuralbridge.job.FailurePolicy;
import io.neuralbridge.job.JobRequest;
import io.neuralbridge.job.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of a workflow by name, and what comes after what. A name may be used before it is added;
 * a cycle is refused by the call that would close it.
 */
final class Graph {

  /** A job, or many that were added under one name. */
  private record Node(@Nullable JobRequest<?> request, List<String> members, List<After> after) {

    Node {
      members = List.copyOf(members);
      after = List.copyOf(after);
    }

    /** The same as a part of another graph, which as a whole comes after {@code first}. */
    Node within(String part, List<After> first) {
      return new Node(
          request,
          members.stream().map(member -> part + "." + member).toList(),
          after.isEmpty() ? first : after.stream().map(each -> each.within(part)).toList());
    }
  }

  private final String workflow;
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final Set<String> awaited = new TreeSet<>();

  Graph(String workflow) {
    this.workflow = workflow;
  }

  void addJob(String name, JobRequest<?> request, List<After> after) {
    add(name, new Node(request, List.of(), after));
    requireNoCycle(List.of(name));
  }

  void addGroup(String name, List<? extends JobRequest<?>> requests, List<After> after) {
    List<String> members = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      members.add(name + "." + i);
    }
    add(name, new Node(null, members, after));
    for (int i = 0; i < requests.size(); i++) {
      add(members.get(i), new Node(requests.get(i), List.of(), after));
    }
    List<String> added = new ArrayList<>(members);
    added.add(name);
    requireNoCycle(added);
  }

  /** Adds all of another graph; what is first there comes after {@code after}. */
  void addPart(String name, Graph part, List<After> after) {
    part.requireComplete();
    List<String> members = part.jobs().stream().map(job -> name + "." + job).toList();
    add(name, new Node(null, members, after));
    List<String> added = new ArrayList<>(List.of(name));
    part.nodes.forEach(
        (inner, node) -> {
          add(name + "." + inner, node.within(name, after));
          added.add(name + "." + inner);
        });
    requireNoCycle(added);
  }

  private void add(String name, Node node) {
    Names.require("job name", name);
    if (nodes.putIfAbsent(name, node) != null) {
      throw new IllegalArgumentException(
          "workflow '%s' has a job named '%s' already: choose another name"
              .formatted(workflow, name));
    }
    node.after.forEach(each -> awaited.addAll(each.names()));
  }

  // Only a name that was used before it was added can close a cycle.
  private void requireNoCycle(List<String> added) {
    if (added.stream().anyMatch(awaited::contains)) {
      List<String> cycle = new CycleSearch(this::next).from(added);
      if (!cycle.isEmpty()) {
        throw new IllegalArgumentException(
            "workflow '%s' would have a cycle: %s"
                .formatted(workflow, String.join(" after ", cycle)));
      }
    }
  }

  private List<String> next(String name) {
    Node node = nodes.get(name);
    List<String> next = new ArrayList<>();
    if (node != null) {
      next.addAll(node.members);
      node.after.forEach(each -> next.addAll(each.names()));
    }
    return next;
  }

  /** The names of all jobs, in the order in which they were added. */
  List<String> jobs() {
    return nodes.entrySet().stream()
        .filter(node -> node.getValue().request != null)
        .map(Map.Entry::getKey)
        .toList();
  }

  JobRequest<?> request(String job) {
    Node node = nodes.get(job);
    if (node == null || node.request == null) {
      throw new IllegalArgumentException("not a job: " + job);
    }
    return node.request;
  }

  /**
   * What a job needs: jobs of this graph, and names that are not in it.
   *
   * @throws IllegalArgumentException if it needs one job in two ways
   */
  Map<String, FailurePolicy> needs(String job) {
    Map<String, FailurePolicy> needs = new LinkedHashMap<>();
    Node node = nodes.get(job);
    if (node != null) {
      collect(job, node.after, needs, new LinkedHashSet<>());
    }
    return needs;
  }

  private void collect(
      String job, List<After> after, Map<String, FailurePolicy> needs, Set<String> emptyGroups) {
    for (After each : after) {
      for (String name : each.names()) {
        Node node = nodes.get(name);
        if (node == null || node.request != null) {
          need(job, name, each.onFailure(), needs);
        } else if (!node.members.isEmpty()) {
          node.members.forEach(member -> need(job, member, each.onFailure(), needs));
        } else if (emptyGroups.add(name)) {
          collect(job, node.after, needs, emptyGroups);
        }
      }
    }
  }

  private void need(
      String job, String needed, FailurePolicy policy, Map<String, FailurePolicy> needs) {
    FailurePolicy other = needs.putIfAbsent(needed, policy);
    if (other != null && other != policy) {
      throw new IllegalArgumentException(
          "job '%s' of workflow '%s' comes after '%s' twice, with %s and with %s: leave one out"
              .formatted(job, workflow, needed, other, policy));
    }
  }

  /**
   * Requires that all names that were used were added.
   *
   * @throws IllegalArgumentException with the name that was meant
   */
  void requireComplete() {
    for (String name : awaited) {
      if (!nodes.containsKey(name)) {
        throw unknown(name, nodes.keySet());
      }
    }
  }

  IllegalArgumentException unknown(String name, Set<String> known) {
    List<String> users =
        nodes.entrySet().stream()
            .filter(node -> node.getValue().after.stream().anyMatch(a -> a.names().contains(name)))
            .map(Map.Entry::getKey)
            .limit(1)
            .toList();
    return new IllegalArgumentException(
        "job '%s' of workflow '%s' comes after '%s', which is not in it: %s"
            .formatted(String.join("", users), workflow, name, DidYouMean.among(known, name)));
  }
}
