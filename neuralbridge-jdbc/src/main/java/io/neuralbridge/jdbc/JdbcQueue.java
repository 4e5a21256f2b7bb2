package io.neuralbridge.jdbc;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobEdit;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobFilter;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.job.Page;
import io.neuralbridge.job.Paging;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.Crashes;
import io.neuralbridge.queue.History;
import io.neuralbridge.queue.Leadership;
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
  private final History history;
  private final Leadership leadership;
  private final SecureRandom random = new SecureRandom();

  JdbcQueue(Database database) {
    this.database = database;
    this.history = new JdbcHistory(database);
    this.leadership = new JdbcLeadership(database);
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
  public Set<Long> delete(Collection<Long> ids) {
    return ids.isEmpty() ? Set.of() : database.run(session -> EditStatements.delete(session, ids));
  }

  @Override
  public Set<Long> edit(Collection<Long> ids, JobEdit edit) {
    return ids.isEmpty()
        ? Set.of()
        : database.run(session -> EditStatements.edit(session, database.dialect, ids, edit));
  }

  @Override
  public Optional<Job> find(long id) {
    return database.run(session -> ReadStatements.find(session, Set.of(id))).stream().findFirst();
  }

  @Override
  public Page<Job> list(JobFilter filter, Paging paging) {
    return database.run(session -> ListStatements.list(session, filter, paging));
  }

  @Override
  public Page<Long> ids(JobFilter filter, Paging paging) {
    return database.run(session -> ListStatements.ids(session, filter, paging));
  }

  @Override
  public List<JobError> errors(long id) {
    return database.run(session -> ReadStatements.errors(session, id));
  }

  @Override
  public Map<JobState, Long> counts() {
    return database.run(ReadStatements::counts);
  }

  @Override
  public History history() {
    return history;
  }

  @Override
  public Leadership leadership() {
    return leadership;
  }
}
