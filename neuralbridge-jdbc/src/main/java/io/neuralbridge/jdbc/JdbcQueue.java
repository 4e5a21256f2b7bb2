package io.neuralbridge.jdbc;

import io.neuralbridge.job.FlowStore;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.Crashes;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Queue;
import io.neuralbridge.queue.Renewal;
import io.neuralbridge.queue.Staged;
import io.neuralbridge.queue.TiePlan;
import io.neuralbridge.queue.Transition;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A {@link Queue} in a database: every verb is one transaction. */
final class JdbcQueue implements Queue {

  private static final int INSERT_CHUNK = 1_000;
  private static final int RESCUE_CHUNK = 1_000;
  private static final Comparator<Lease> CLAIM_ORDER =
      Comparator.comparing((Lease lease) -> lease.job().spec().priority())
          .thenComparing(lease -> lease.job().runAt())
          .thenComparing(lease -> lease.job().id());

  private final Database database;
  private final SecureRandom random = new SecureRandom();

  JdbcQueue(Database database) {
    this.database = database;
  }

  @Override
  public List<Job> insert(List<NewJob> jobs) {
    return jobs.isEmpty() ? List.of() : database.run(session -> insert(session, jobs));
  }

  private List<Job> insert(Session session, List<NewJob> jobs) {
    if (!TiePlan.isNeeded(jobs)) {
      return insertRows(session, jobs.stream().map(JobRows.NewRow::untied).toList());
    }
    TiedInsert ties = TiedInsert.prepare(session, database.dialect, jobs);
    List<JobRows.NewRow> rows = new ArrayList<>(jobs.size());
    for (NewJob job : jobs) {
      rows.add(ties.row(rows.size(), job));
    }
    List<Job> inserted = insertRows(session, rows);
    ties.complete(session, inserted.stream().map(Job::id).toList());
    return inserted;
  }

  private List<Job> insertRows(Session session, List<JobRows.NewRow> rows) {
    List<Job> inserted = new ArrayList<>(rows.size());
    for (int from = 0; from < rows.size(); from += INSERT_CHUNK) {
      inserted.addAll(
          insertChunk(session, rows.subList(from, Math.min(from + INSERT_CHUNK, rows.size()))));
    }
    return inserted;
  }

  private List<Job> insertChunk(Session session, List<JobRows.NewRow> wanted) {
    List<JobRows.Inserted> rows = new ArrayList<>(database.dialect.insert(session, wanted));
    rows.sort(Comparator.comparing(JobRows.Inserted::id));
    List<Job> inserted = new ArrayList<>(wanted.size());
    List<Long> largeIds = new ArrayList<>();
    List<String> largeArgs = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      NewJob job = wanted.get(i).job();
      inserted.add(rows.get(i).toJob(wanted.get(i)));
      if (JobArgs.isLarge(job)) {
        largeIds.add(rows.get(i).id());
        largeArgs.add(SqlText.clean(job.spec().args()));
      }
    }
    if (!largeIds.isEmpty()) {
      database.dialect.insertArgs(session, largeIds, largeArgs);
    }
    return inserted;
  }

  // What a kill undoes of it is found again: the news is deleted in the same transaction.
  @Override
  public Staged stage(int limit) {
    return database.runDeferred(session -> JdbcStager.stage(session, database.dialect, limit));
  }

  @Override
  public FlowStore flows() {
    return new JdbcFlowStore(database);
  }

  @Override
  public List<Lease> claim(Claim claim) {
    long token = random.nextLong() >>> 1;
    return database.run(session -> database.dialect.claim(session, claim, token)).stream()
        .map(leased -> leased.lease(token))
        .sorted(CLAIM_ORDER)
        .toList();
  }

  @Override
  public Optional<Duration> untilNextDue(String queue) {
    return database.run(session -> ReadStatements.untilNextDue(session, queue));
  }

  @Override
  public Set<Long> settle(List<Transition> transitions) {
    return transitions.isEmpty()
        ? Set.of()
        : database.run(session -> settle(session, Settlement.of(transitions), 0));
  }

  private Set<Long> settle(Session session, Settlement settlement, int crashes) {
    Set<JobRows.Key> accepted = new HashSet<>();
    if (!settlement.ends().isEmpty()) {
      Collection<JobRows.Ended> ended =
          database.dialect.finish(session, settlement.ends(), crashes);
      ended.forEach(job -> accepted.add(job.key()));
      NewsStatements.tellEnded(session, ended);
    }
    if (!settlement.backs().isEmpty()) {
      accepted.addAll(database.dialect.back(session, settlement.backs(), crashes));
    }
    List<JobRows.ErrorRow> errors = settlement.errorsOf(accepted);
    if (!errors.isEmpty()) {
      database.dialect.saveErrors(session, errors);
    }
    return settlement.idsOf(accepted);
  }

  @Override
  public long join(String name, Duration timeToLive) {
    return database.runDeferred(session -> NodeStatements.join(session, name, timeToLive));
  }

  @Override
  public Renewal renew(long node, Duration timeToLive) {
    return database.runDeferred(session -> NodeStatements.renew(session, node, timeToLive));
  }

  @Override
  public void leave(long node) {
    database.runDeferred(session -> NodeStatements.leave(session, node));
  }

  @Override
  public List<Job> rescue(int maxCrashes) {
    database.run(NodeStatements::bury);
    List<Job> rescued = new ArrayList<>();
    List<NodeStatements.Orphan> orphans;
    do {
      orphans = database.run(session -> NodeStatements.orphans(session, RESCUE_CHUNK));
      if (!orphans.isEmpty()) {
        rescued.addAll(free(orphans, maxCrashes));
      }
    } while (orphans.size() == RESCUE_CHUNK);
    return rescued;
  }

  private List<Job> free(List<NodeStatements.Orphan> orphans, int maxCrashes) {
    Settlement settlement =
        Settlement.of(orphans.stream().map(orphan -> verdict(orphan, maxCrashes)).toList());
    return database.run(session -> ReadStatements.find(session, settle(session, settlement, 1)));
  }

  private static Transition verdict(NodeStatements.Orphan orphan, int maxCrashes) {
    int crashes = orphan.crashes() + 1;
    var error = Crashes.error(orphan.attempt(), crashes, maxCrashes, orphan.seenAt());
    return crashes >= maxCrashes
        ? new Transition.Finish(orphan.id(), orphan.token(), JobState.DISCARDED, null, error)
        : new Transition.Back(orphan.id(), orphan.token(), Duration.ZERO, true, error);
  }

  @Override
  public Set<Long> cancel(Collection<Long> ids) {
    return ids.isEmpty()
        ? Set.of()
        : database.run(session -> ControlStatements.cancel(session, ids));
  }

  @Override
  public Set<Long> retry(Collection<Long> ids) {
    return ids.isEmpty()
        ? Set.of()
        : database.run(session -> ControlStatements.retry(session, ids));
  }

  @Override
  public int prune(Duration retention, int limit) {
    return database.runDeferred(session -> ControlStatements.prune(session, retention, limit));
  }

  @Override
  public Optional<Job> find(long id) {
    return database.run(session -> ReadStatements.find(session, Set.of(id))).stream().findFirst();
  }

  @Override
  public List<JobError> errors(long id) {
    return database.run(session -> ReadStatements.errors(session, id));
  }

  @Override
  public Map<JobState, Long> counts() {
    return database.run(ReadStatements::counts);
  }
}
