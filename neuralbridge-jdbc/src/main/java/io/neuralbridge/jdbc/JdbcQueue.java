package io.neuralbridge.jdbc;

import io.neuralbridge.job.FlowStore;
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
import io.neuralbridge.queue.JobReports;
import io.neuralbridge.queue.Leadership;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Notices;
import io.neuralbridge.queue.Queue;
import io.neuralbridge.queue.QueueControls;
import io.neuralbridge.queue.Renewal;
import io.neuralbridge.queue.Staged;
import io.neuralbridge.queue.TiePlan;
import io.neuralbridge.queue.Transition;
import io.neuralbridge.queue.WakeUps;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;

/** A {@link Queue} in a database: every verb is one transaction. */
final class JdbcQueue implements Queue {

  private static final int READ_CHUNK = 1_000;
  private static final int RESCUE_CHUNK = 1_000;

  private final Database database;
  private final Claims claims;
  private final QueueControls controls;
  private final WakeUps wakeUps;
  private final History history;
  private final Leadership leadership;
  private final JobReports reports;
  private final SecureRandom random = new SecureRandom();

  JdbcQueue(Database database, WakeUps wakeUps) {
    this.database = database;
    this.reports = new JdbcReports(database);
    this.claims = new Claims(database);
    this.controls = new JdbcControls(database);
    this.history = new JdbcHistory(database);
    this.leadership = new JdbcLeadership(database);
    this.wakeUps = wakeUps;
  }

  @Override
  public WakeUps wakeUps() {
    return wakeUps;
  }

  @Override
  public List<Job> insert(List<NewJob> jobs) {
    List<Job> inserted = jobs.isEmpty() ? List.of() : store(jobs);
    inserted.stream()
        .filter(job -> job.spec().share().key() != null)
        .map(Job::queue)
        .distinct()
        .forEach(claims::forget);
    return inserted;
  }

  private List<Job> store(List<NewJob> jobs) {
    boolean locks = TiePlan.isNeeded(jobs) || jobs.stream().anyMatch(job -> job.unique() != null);
    Function<Session, List<Job>> insert =
        session -> JobInserts.insert(session, database.dialect, jobs);
    return locks ? database.runGuarded(insert) : database.run(insert);
  }

  // What a kill undoes of it is found again: the news is deleted in the same transaction.
  @Override
  public Staged stage(int limit) {
    return database.runGuardedDeferred(
        session -> JdbcStager.stage(session, database.dialect, limit));
  }

  @Override
  public FlowStore flows() {
    return new JdbcFlowStore(database);
  }

  @Override
  public List<Lease> claim(Claim claim) {
    long token = random.nextLong() >>> 1;
    return claims.claim(claim, token).stream()
        .map(leased -> leased.lease(token))
        .sorted(Lease.ORDER)
        .toList();
  }

  @Override
  public Optional<Duration> untilNextDue(String queue) {
    return database.runRepeatable(session -> claims.untilNextDue(session, queue));
  }

  @Override
  public Set<Long> settle(List<Transition> transitions) {
    return transitions.isEmpty()
        ? Set.of()
        : database.run(session -> settle(session, Settlement.of(transitions), 0));
  }

  private Set<Long> settle(Session session, Settlement settlement, int crashes) {
    Set<JobRows.Key> accepted = new HashSet<>();
    if (settlement.ends().isEmpty()) {
      database.dialect.guard(session);
    } else {
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
  public Notices notices(long node) {
    return database.runRepeatable(session -> NoticeStatements.read(session, node));
  }

  @Override
  public QueueControls controls() {
    return controls;
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
    return database.runGuarded(
        session -> {
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
        : Transition.Back.inPlace(orphan.id(), orphan.token(), error);
  }

  @Override
  public Set<Long> cancel(Collection<Long> ids) {
    return ids.isEmpty()
        ? Set.of()
        : database.runGuarded(session -> ControlStatements.cancel(session, ids));
  }

  @Override
  public Set<Long> retry(Collection<Long> ids) {
    return ids.isEmpty()
        ? Set.of()
        : database.runGuarded(session -> ControlStatements.retry(session, database.dialect, ids));
  }

  @Override
  public Set<Long> delete(Collection<Long> ids) {
    return ids.isEmpty()
        ? Set.of()
        : database.runGuarded(session -> EditStatements.delete(session, ids));
  }

  @Override
  public Set<Long> edit(Collection<Long> ids, JobEdit edit) {
    return ids.isEmpty()
        ? Set.of()
        : database.runGuarded(session -> EditStatements.edit(session, database.dialect, ids, edit));
  }

  @Override
  public Optional<Job> find(long id) {
    return database.runRepeatable(session -> ReadStatements.find(session, Set.of(id))).stream()
        .findFirst();
  }

  @Override
  public List<Job> find(Collection<Long> ids) {
    return byChunks(ids, (session, chunk) -> ReadStatements.find(session, chunk));
  }

  @Override
  public Set<Long> live(Collection<Long> ids) {
    return new HashSet<>(byChunks(ids, ReadStatements::live));
  }

  private <T> List<T> byChunks(Collection<Long> ids, BiFunction<Session, Set<Long>, List<T>> read) {
    List<Long> sorted = new ArrayList<>(new TreeSet<>(ids));
    List<T> found = new ArrayList<>();
    for (int from = 0; from < sorted.size(); from += READ_CHUNK) {
      Set<Long> chunk =
          new TreeSet<>(sorted.subList(from, Math.min(from + READ_CHUNK, sorted.size())));
      found.addAll(database.runRepeatable(session -> read.apply(session, chunk)));
    }
    return found;
  }

  @Override
  public Page<Job> list(JobFilter filter, Paging paging) {
    return database.runRepeatable(session -> ListStatements.list(session, filter, paging));
  }

  @Override
  public Page<Long> ids(JobFilter filter, Paging paging) {
    return database.runRepeatable(session -> ListStatements.ids(session, filter, paging));
  }

  @Override
  public JobReports reports() {
    return reports;
  }

  @Override
  public List<JobError> errors(long id) {
    return database.runRepeatable(session -> ReadStatements.errors(session, id));
  }

  @Override
  public Map<JobState, Long> counts() {
    return database.runRepeatable(ReadStatements::counts);
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
