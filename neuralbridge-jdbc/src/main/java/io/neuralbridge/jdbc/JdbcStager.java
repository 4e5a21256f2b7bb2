package io.neuralbridge.jdbc;

import io.neuralbridge.jdbc.LinkStatements.Change;
import io.neuralbridge.jdbc.LinkStatements.Suspended;
import io.neuralbridge.job.FailurePolicy;
import io.neuralbridge.job.JobError;
import io.neuralbridge.queue.LinkState;
import io.neuralbridge.queue.Staged;
import io.neuralbridge.queue.Staging;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One round of staging, in one transaction. It reads the news and deletes what it has dealt with;
 * what another transaction holds meanwhile, and what is beyond the limit, stays for the next round.
 *
 * <p>A suspended job is locked before its links are noted and looked at: of two that stage the last
 * two needs of a job at once, the second one sees what the first one noted.
 */
final class JdbcStager {

  private final Session session;
  private final Dialect dialect;
  private final int limit;
  private final Set<Long> leftJobs = new HashSet<>();
  private final Set<Long> leftFlows = new HashSet<>();
  private int moved;
  private boolean more;

  private JdbcStager(Session session, Dialect dialect, int limit) {
    this.session = session;
    this.dialect = dialect;
    this.limit = limit;
  }

  static Staged stage(Session session, Dialect dialect, int limit) {
    List<NewsStatements.News> news = NewsStatements.take(session, limit);
    return news.isEmpty() ? Staged.NOTHING : new JdbcStager(session, dialect, limit).stage(news);
  }

  private Staged stage(List<NewsStatements.News> news) {
    Set<Long> jobs = new TreeSet<>();
    Set<Long> flows = new TreeSet<>();
    for (NewsStatements.News each : news) {
      if (each.job() != null) {
        jobs.add(each.job());
      }
      if (each.flow() != null) {
        flows.add(each.flow());
      }
    }
    if (!jobs.isEmpty()) {
      stageJobs(jobs);
    }
    if (!flows.isEmpty()) {
      stageFlows(flows);
    }
    List<Long> done = done(news);
    NewsStatements.delete(session, done);
    return new Staged(moved, more || moved > 0 || (news.size() == limit && !done.isEmpty()));
  }

  // Of what is left one row is enough to be looked at again: a flow that a long transaction holds
  // would fill round after round with the ends of its jobs, and nobody else's turn would come.
  private List<Long> done(List<NewsStatements.News> news) {
    Set<NewsStatements.News> left = new HashSet<>();
    return news.stream()
        .filter(each -> isDone(each) || !left.add(each.withoutId()))
        .map(NewsStatements.News::id)
        .toList();
  }

  private boolean isDone(NewsStatements.News news) {
    return !leftJobs.contains(news.job()) && !leftFlows.contains(news.flow());
  }

  private void stageJobs(Set<Long> jobs) {
    LinkStatements.arm(session, jobs);
    List<Change> changes = LinkStatements.changes(session, jobs, limit);
    Set<Long> waiting = new TreeSet<>(jobs);
    changes.forEach(change -> waiting.add(change.job()));
    Map<Long, Suspended> locked = lock(waiting);
    List<Change> mine = changes.stream().filter(c -> locked.containsKey(c.job())).toList();
    leave(jobs, changes, mine);
    leaveOthers(jobs, locked.keySet());
    dialect.note(session, mine);
    takeOver(mine);
    giveUp(mine, locked);
    moved += LinkStatements.freeFulfilled(session, locked.keySet());
  }

  // Those that are not suspended are not locked either: the next round does not find them again.
  private Map<Long, Suspended> lock(Collection<Long> jobs) {
    return LinkStatements.lockSuspended(session, jobs).stream()
        .collect(Collectors.toMap(Suspended::id, job -> job, (a, b) -> a, TreeMap::new));
  }

  private void leave(Set<Long> jobs, List<Change> changes, List<Change> mine) {
    if (changes.size() == limit) {
      leftJobs.addAll(jobs);
      more |= !mine.isEmpty();
    } else if (mine.size() < changes.size()) {
      changes.forEach(change -> leftJobs.addAll(List.of(change.job(), change.needs())));
    }
  }

  private void leaveOthers(Set<Long> jobs, Set<Long> locked) {
    Set<Long> others = LinkStatements.suspended(session, jobs);
    others.removeAll(locked);
    leftJobs.addAll(others);
  }

  private void takeOver(List<Change> changes) {
    Set<Long> next = new TreeSet<>();
    for (Change change : changes) {
      if (change.chained() && change.state() == LinkState.FULFILLED) {
        next.add(change.job());
      }
    }
    more |= LinkStatements.takeOver(session, next);
  }

  private void giveUp(List<Change> changes, Map<Long, Suspended> locked) {
    Map<Long, JobError> reasons = new TreeMap<>();
    for (Change change : changes) {
      if (change.state() == LinkState.FAILED && change.onFailure() == FailurePolicy.CANCEL) {
        Suspended job = Objects.requireNonNull(locked.get(change.job()));
        reasons.putIfAbsent(
            job.id(),
            Staging.dependencyFailed(job.attempt(), change.needs(), change.ended(), job.seenAt()));
      }
    }
    giveUp(reasons, locked);
  }

  private void giveUp(Map<Long, JobError> reasons, Map<Long, Suspended> locked) {
    if (reasons.isEmpty()) {
      return;
    }
    List<JobRows.Ended> ended = new ArrayList<>();
    List<JobRows.ErrorRow> errors = new ArrayList<>();
    reasons.forEach(
        (id, reason) -> {
          ended.add(Objects.requireNonNull(locked.get(id)).job());
          errors.add(new JobRows.ErrorRow(id, reason));
        });
    ControlStatements.moveCancelled(session, ended);
    dialect.saveErrors(session, errors);
    moved += ended.size();
  }

  private void stageFlows(Set<Long> flows) {
    List<Long> mine = StageStatements.lockFlows(session, flows);
    leftFlows.addAll(StageStatements.existing(session, flows));
    mine.forEach(leftFlows::remove);
    if (!mine.isEmpty()) {
      List<StageStatements.Standing> standings = StageStatements.look(session, mine);
      StageStatements.finish(
          session,
          standings.stream()
              .filter(StageStatements.Standing::finished)
              .map(StageStatements.Standing::flow)
              .toList());
      callBack(mine, standings);
    }
  }

  private void callBack(List<Long> flows, List<StageStatements.Standing> standings) {
    Map<Long, StageStatements.Standing> byFlow = new HashMap<>();
    standings.forEach(standing -> byFlow.put(standing.flow(), standing));
    List<StageStatements.Callback> waiting = StageStatements.waiting(session, flows);
    Map<Long, Suspended> locked =
        lock(waiting.stream().map(StageStatements.Callback::job).toList());
    List<Long> free = new ArrayList<>();
    Map<Long, JobError> reasons = new TreeMap<>();
    for (StageStatements.Callback callback : waiting) {
      Suspended job = locked.get(callback.job());
      if (job == null) {
        leftFlows.add(callback.flow());
      } else {
        judge(callback, job, Objects.requireNonNull(byFlow.get(callback.flow())), free, reasons);
      }
    }
    moved += StageStatements.free(session, free);
    giveUp(reasons, locked);
  }

  private static void judge(
      StageStatements.Callback callback,
      Suspended job,
      StageStatements.Standing standing,
      List<Long> free,
      Map<Long, JobError> reasons) {
    switch (Staging.onCallback(callback.event(), standing.finished(), standing.failed())) {
      case RUN -> free.add(job.id());
      case GIVE_UP ->
          reasons.put(
              job.id(),
              Staging.notNeeded(job.attempt(), callback.event(), callback.flow(), job.seenAt()));
      case WAIT -> {}
    }
  }
}
