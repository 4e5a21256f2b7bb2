package io.neuralbridge.jdbc;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.Crashes;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Queue;
import io.neuralbridge.queue.Renewal;
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
    List<Job> inserted = new ArrayList<>(jobs.size());
    for (int from = 0; from < jobs.size(); from += INSERT_CHUNK) {
      List<NewJob> chunk = jobs.subList(from, Math.min(from + INSERT_CHUNK, jobs.size()));
      inserted.addAll(insertChunk(session, chunk));
    }
    return inserted;
  }

  private List<Job> insertChunk(Session session, List<NewJob> jobs) {
    List<JobRows.Inserted> rows = new ArrayList<>(database.dialect.insert(session, jobs));
    rows.sort(Comparator.comparing(JobRows.Inserted::id));
    List<Job> inserted = new ArrayList<>(jobs.size());
    List<Long> largeIds = new ArrayList<>();
    List<String> largeArgs = new ArrayList<>();
    for (int i = 0; i < jobs.size(); i++) {
      NewJob job = jobs.get(i);
      inserted.add(rows.get(i).toJob(job.spec()));
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

  @Override
  public List<Lease> claim(Claim claim) {
    long token = random.nextLong() >>> 1;
    return database.runStatement(session -> database.dialect.claim(session, claim, token)).stream()
        .map(leased -> leased.lease(token))
        .sorted(CLAIM_ORDER)
        .toList();
  }

  @Override
  public Optional<Duration> untilNextDue(String queue) {
    return database.runRepeatable(session -> ReadStatements.untilNextDue(session, queue));
  }

  @Override
  public Set<Long> settle(List<Transition> transitions) {
    if (transitions.isEmpty()) {
      return Set.of();
    }
    Settlement settlement = Settlement.of(transitions);
    return settlement.isOneStatement()
        ? database.runStatement(session -> settle(session, settlement, 0))
        : database.run(session -> settleGuarded(session, settlement, 0));
  }

  private Set<Long> settleGuarded(Session session, Settlement settlement, int crashes) {
    database.dialect.guard(session);
    return settle(session, settlement, crashes);
  }

  private Set<Long> settle(Session session, Settlement settlement, int crashes) {
    Set<JobRows.Key> accepted = new HashSet<>();
    if (!settlement.ends().isEmpty()) {
      accepted.addAll(database.dialect.finish(session, settlement.ends(), crashes));
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
    return database.runRepeatableDeferred(
        session -> NodeStatements.join(session, name, timeToLive));
  }

  @Override
  public Renewal renew(long node, Duration timeToLive) {
    boolean alive =
        database.runRepeatableDeferred(session -> NodeStatements.renew(session, node, timeToLive));
    return alive
        ? new Renewal(
            true, database.runRepeatable(session -> NodeStatements.cancelled(session, node)))
        : Renewal.DEAD;
  }

  @Override
  public Map<Long, Long> leases(long node) {
    return database.runRepeatable(session -> NodeStatements.leases(session, node));
  }

  @Override
  public void leave(long node) {
    database.runRepeatableDeferred(session -> NodeStatements.leave(session, node));
  }

  @Override
  public List<Job> rescue(int maxCrashes) {
    database.runRepeatable(NodeStatements::bury);
    List<Job> rescued = new ArrayList<>();
    List<NodeStatements.Orphan> orphans = orphans(Long.MIN_VALUE);
    while (!orphans.isEmpty()) {
      rescued.addAll(free(orphans, maxCrashes));
      orphans = orphans(orphans.get(orphans.size() - 1).id());
    }
    return rescued;
  }

  private List<NodeStatements.Orphan> orphans(long after) {
    return database.runRepeatable(session -> NodeStatements.orphans(session, after, RESCUE_CHUNK));
  }

  private List<Job> free(List<NodeStatements.Orphan> orphans, int maxCrashes) {
    return database.run(
        session -> {
          database.dialect.guard(session);
          List<NodeStatements.Orphan> locked = NodeStatements.lock(session, orphans);
          return locked.isEmpty() ? List.of() : free(session, locked, maxCrashes);
        });
  }

  private List<Job> free(Session session, List<NodeStatements.Orphan> orphans, int maxCrashes) {
    Settlement settlement =
        Settlement.of(orphans.stream().map(orphan -> verdict(orphan, maxCrashes)).toList());
    return ReadStatements.find(session, settle(session, settlement, 1));
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
        : database.run(
            session -> {
              database.dialect.guard(session);
              return ControlStatements.cancel(session, ids);
            });
  }

  @Override
  public Set<Long> retry(Collection<Long> ids) {
    return ids.isEmpty()
        ? Set.of()
        : database.run(
            session -> {
              database.dialect.guard(session);
              return ControlStatements.retry(session, ids);
            });
  }

  @Override
  public int prune(Duration retention, int limit) {
    return database.runDeferred(session -> ControlStatements.prune(session, retention, limit));
  }

  @Override
  public Optional<Job> find(long id) {
    return database.runRepeatable(session -> ReadStatements.find(session, Set.of(id))).stream()
        .findFirst();
  }

  @Override
  public List<JobError> errors(long id) {
    return database.runRepeatable(session -> ReadStatements.errors(session, id));
  }

  @Override
  public Map<JobState, Long> counts() {
    return database.runRepeatable(ReadStatements::counts);
  }
}
