package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobEdit;
import io.neuralbridge.job.JobSpec;
import io.neuralbridge.job.JobState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a queue should hold, as plainly as it can be said. */
final class QueueModel {

  /** What is compared of a job. */
  record View(
      long id, JobSpec spec, JobState stored, int attempt, int crashes, Instant runAt, int errors) {

    View(Job job, int errors) {
      this(
          job.id(),
          job.spec(),
          collapsed(job.state()),
          job.attempt(),
          job.crashes(),
          job.runAt(),
          errors);
    }

    private static JobState collapsed(JobState state) {
      return state.isFinal() || state == JobState.EXECUTING ? state : JobState.AVAILABLE;
    }
  }

  private static final class Row {
    final long id;
    final Set<Integer> errors = new TreeSet<>();
    JobSpec spec;
    JobState state = JobState.AVAILABLE;
    Instant runAt;
    Instant finishedAt;
    int attempt;
    int crashes;
    long node;
    long token;
    boolean cancelRequested;

    Row(Job inserted) {
      this.id = inserted.id();
      this.spec = inserted.spec();
      this.runAt = inserted.runAt();
    }

    long id() {
      return id;
    }

    boolean waits() {
      return state == JobState.AVAILABLE;
    }

    void end(JobState state, Instant now) {
      this.state = state;
      this.finishedAt = now;
    }

    void wait(Instant runAt) {
      this.state = JobState.AVAILABLE;
      this.runAt = runAt;
    }

    Instant dueAfter(Duration delay, Instant now) {
      if (delay == null) {
        return runAt;
      }
      return cancelRequested ? now : now.plus(delay);
    }

    View view() {
      return new View(id, spec, state, attempt, crashes, runAt, errors.size());
    }
  }

  private static final Comparator<Row> CLAIM_ORDER =
      Comparator.comparing((Row row) -> row.spec.priority())
          .thenComparing(row -> row.runAt)
          .thenComparing(row -> row.id);

  private final int maxCrashes;
  private final Map<Long, Row> rows = new TreeMap<>();
  private final List<Long> everInserted = new ArrayList<>();
  private final Map<Long, Instant> nodes = new HashMap<>();

  QueueModel(int maxCrashes) {
    this.maxCrashes = maxCrashes;
  }

  List<View> jobs() {
    return rows.values().stream().map(Row::view).toList();
  }

  List<Long> everInserted() {
    return everInserted;
  }

  void insert(List<Job> jobs) {
    for (Job job : jobs) {
      assertThat(rows.put(job.id(), new Row(job))).as("a new id").isNull();
      everInserted.add(job.id());
    }
  }

  void claim(Claim claim, List<Lease> leases, Instant now) {
    List<Row> due =
        rows.values().stream()
            .filter(row -> nodes.containsKey(claim.node()))
            .filter(row -> row.waits() && row.spec.queue().equals(claim.queue()))
            .filter(row -> !row.runAt.isAfter(now))
            .sorted(CLAIM_ORDER)
            .toList();
    List<Row> first = due.stream().limit(claim.limit()).toList();
    if (due.stream().anyMatch(row -> row.spec.share().key() != null)) {
      // Whose turn it is within a priority is another contract's matter.
      assertThat(due).extracting(Row::id).containsAll(ids(leases));
      assertThat(leases)
          .extracting(lease -> lease.job().spec().priority())
          .isEqualTo(first.stream().map(row -> row.spec.priority()).toList());
    } else {
      assertThat(ids(leases)).isEqualTo(first.stream().map(Row::id).toList());
    }
    for (Lease lease : leases) {
      Row row = rows.get(lease.job().id());
      row.state = JobState.EXECUTING;
      row.node = claim.node();
      row.token = lease.token();
      row.attempt++;
      assertThat(lease.job().attempt()).isEqualTo(row.attempt);
      assertThat(lease.cancelRequested()).isEqualTo(row.cancelRequested);
    }
  }

  private static List<Long> ids(List<Lease> leases) {
    return leases.stream().map(lease -> lease.job().id()).toList();
  }

  Set<Long> settle(List<Transition> batch, Instant now) {
    Set<Long> accepted = new LinkedHashSet<>();
    for (Transition transition : batch) {
      Row row = rows.get(transition.jobId());
      if (row != null && row.state == JobState.EXECUTING && row.token == transition.token()) {
        accepted.add(transition.jobId());
        if (transition.error() != null) {
          row.errors.add(transition.error().attempt());
        }
        if (transition instanceof Transition.Finish finish) {
          row.end(finish.state(), now);
        } else if (transition instanceof Transition.Back back) {
          row.attempt -= back.refund() ? 1 : 0;
          row.wait(row.dueAfter(back.delay(), now));
        }
      }
    }
    return accepted;
  }

  void join(long node, Instant expiry) {
    assertThat(nodes.put(node, expiry)).as("a new node id").isNull();
  }

  Renewal renew(long node, Instant expiry) {
    if (nodes.replace(node, expiry) == null) {
      return Renewal.DEAD;
    }
    Set<Long> cancelled = new TreeSet<>();
    rows.forEach(
        (id, row) -> {
          if (row.state == JobState.EXECUTING && row.node == node && row.cancelRequested) {
            cancelled.add(id);
          }
        });
    return new Renewal(true, cancelled);
  }

  void leave(long node) {
    nodes.remove(node);
  }

  Set<Long> rescue(Instant now) {
    nodes.values().removeIf(expiry -> expiry.isBefore(now));
    Set<Long> rescued = new TreeSet<>();
    for (Row row : rows.values()) {
      if (row.state == JobState.EXECUTING && !nodes.containsKey(row.node)) {
        rescued.add(row.id);
        row.errors.add(row.attempt);
        if (++row.crashes >= maxCrashes) {
          row.end(JobState.DISCARDED, now);
        } else {
          row.attempt--;
          row.wait(row.runAt);
        }
      }
    }
    return rescued;
  }

  Set<Long> cancel(Set<Long> ids, Instant now) {
    Set<Long> cancelled = new TreeSet<>();
    for (long id : ids) {
      Row row = rows.get(id);
      if (row != null && !row.state.isFinal()) {
        cancelled.add(id);
        row.cancelRequested = true;
        if (row.waits()) {
          row.end(JobState.CANCELLED, now);
        }
      }
    }
    return cancelled;
  }

  Set<Long> retry(Set<Long> ids, Instant now) {
    Set<Long> retried = new TreeSet<>();
    for (long id : ids) {
      Row row = rows.get(id);
      if (row != null && row.state != JobState.EXECUTING) {
        retried.add(id);
        row.cancelRequested = false;
        if (row.state.isFinal()) {
          row.crashes = 0;
        }
        row.attempt = Math.min(row.attempt, row.spec.maxAttempts() - 1);
        row.wait(now);
      }
    }
    return retried;
  }

  Set<Long> delete(Set<Long> ids) {
    Set<Long> deleted = new TreeSet<>(ids);
    deleted.removeIf(id -> !rows.containsKey(id) || isExecuting(id));
    rows.keySet().removeAll(deleted);
    return deleted;
  }

  Set<Long> edit(Set<Long> ids, JobEdit edit) {
    Set<Long> edited = new TreeSet<>(ids);
    edited.removeIf(id -> !rows.containsKey(id) || isExecuting(id));
    for (long id : edited) {
      Row row = rows.get(id);
      row.spec = edit.apply(row.spec);
      row.runAt = edit.runAt() == null ? row.runAt : edit.runAt();
    }
    return edited;
  }

  private boolean isExecuting(long id) {
    return rows.get(id).state == JobState.EXECUTING;
  }

  /** The ids of what ended longer than {@code age} ago, oldest first. */
  List<Long> ended(Duration age, Instant now) {
    return rows.values().stream()
        .filter(row -> row.state.isFinal() && row.finishedAt.isBefore(now.minus(age)))
        .sorted(Comparator.comparing((Row row) -> row.finishedAt).thenComparing(row -> row.id))
        .map(row -> row.id)
        .toList();
  }

  void prune(List<Long> ids) {
    rows.keySet().removeAll(ids);
  }
}
