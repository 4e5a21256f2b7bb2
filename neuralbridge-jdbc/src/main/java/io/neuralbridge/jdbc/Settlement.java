package io.neuralbridge.jdbc;

import io.neuralbridge.job.JobError;
import io.neuralbridge.queue.Transition;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A batch of transitions as the statements need them: one a lease, the first; by id, so that
 * batches that meet lock their rows in one order.
 */
record Settlement(
    Map<JobRows.Key, Transition> byLease,
    List<Transition.Finish> ends,
    List<Transition.Back> backs) {

  static Settlement of(Collection<Transition> transitions) {
    Map<JobRows.Key, Transition> byLease = new TreeMap<>();
    transitions.forEach(
        transition ->
            byLease.putIfAbsent(
                new JobRows.Key(transition.jobId(), transition.token()), transition));
    return new Settlement(
        byLease, ofType(byLease, Transition.Finish.class), ofType(byLease, Transition.Back.class));
  }

  private static <T extends Transition> List<T> ofType(
      Map<JobRows.Key, Transition> byLease, Class<T> type) {
    return byLease.values().stream().filter(type::isInstance).map(type::cast).toList();
  }

  List<JobRows.ErrorRow> errorsOf(Set<JobRows.Key> accepted) {
    return byLease.entrySet().stream()
        .filter(lease -> accepted.contains(lease.getKey()))
        .flatMap(lease -> row(lease.getKey().id(), lease.getValue()).stream())
        .toList();
  }

  private static List<JobRows.ErrorRow> row(long id, Transition transition) {
    JobError error = transition.error();
    return error == null ? List.of() : List.of(new JobRows.ErrorRow(id, error));
  }

  Set<Long> idsOf(Set<JobRows.Key> accepted) {
    Set<Long> ids = new LinkedHashSet<>();
    byLease.keySet().stream().filter(accepted::contains).forEach(key -> ids.add(key.id()));
    return ids;
  }
}
