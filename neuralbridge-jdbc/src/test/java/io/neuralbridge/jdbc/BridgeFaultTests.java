package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.neuralbridge.Builder;
import io.neuralbridge.NeuralBridge;
import io.neuralbridge.event.JobEvent;
import io.neuralbridge.jdbc.FaultyDataSource.Point;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.queue.Queue;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.Worker;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bridges whose database fails while they work. */
@Timeout(180)
abstract class BridgeFaultTests {

  static final Duration BEAT = Duration.ofMillis(50);
  static final Duration LONG = Duration.ofMinutes(2);

  /** A pool on emptied tables. */
  abstract HikariDataSource emptied() throws Exception;

  /** Transactions that lost against others, as this database tells of them. */
  abstract List<SQLException> conflicts();

  final ConcurrentLinkedQueue<JobEvent> events = new ConcurrentLinkedQueue<>();
  final Map<Long, AtomicInteger> runs = new ConcurrentHashMap<>();
  final CountDownLatch entered = new CountDownLatch(1);
  final CountDownLatch release = new CountDownLatch(1);
  private final List<NeuralBridge> bridges = new ArrayList<>();

  /** The same tables, without faults. */
  Queue observer;

  FaultyDataSource faulty;
  private HikariDataSource real;

  @BeforeEach
  void open() throws Exception {
    real = emptied();
    observer = JdbcBackend.of(real).queue();
    faulty = new FaultyDataSource(real);
  }

  @AfterEach
  void closeBridges() {
    faulty.recover();
    release.countDown();
    bridges.forEach(NeuralBridge::close);
  }

  NeuralBridge start(FaultyDataSource database, int limit, Duration timeToLive) {
    Builder builder =
        NeuralBridge.builder()
            .store(JdbcBackend.of(database.dataSource(), JdbcBackend.Migration.NONE).queue())
            .worker(new Counting())
            .queue(Jobs.TYPE.queue(), limit)
            .pollInterval(Duration.ofMillis(20))
            .heartbeat(BEAT, timeToLive)
            .listener(events::add);
    NeuralBridge bridge = builder.build();
    bridges.add(bridge);
    return bridge.start();
  }

  /** Notes that a job runs; one with the argument {@code "wait"} waits until it is released. */
  private final class Counting implements Worker<String> {
    @Override
    public JobType<String> type() {
      return Jobs.TYPE;
    }

    @Override
    public Outcome work(JobContext<String> context) throws InterruptedException {
      runs.computeIfAbsent(context.job().id(), id -> new AtomicInteger()).incrementAndGet();
      if (context.args().equals("wait")) {
        entered.countDown();
        release.await();
      }
      return Outcome.completed();
    }
  }

  Job find(Job job) {
    return observer.find(job.id()).orElseThrow();
  }

  void awaitCompleted(Job job) {
    Eventually.isTrue(job + " is completed", () -> find(job).state() == JobState.COMPLETED);
  }

  List<JobEvent> eventsOf(Class<? extends JobEvent> type) {
    return events.stream().filter(type::isInstance).toList();
  }

  @Test
  void inAStormOfFaultsEveryJobRunsOnceAndIsSettledOnce() {
    long seed = Long.getLong("neuralbridge.seed", System.nanoTime());
    String who = "seed " + seed;
    FaultyDataSource other = faulty.sibling();
    NeuralBridge one = start(faulty, 8, LONG);
    start(other, 8, LONG);
    Storm storm = new Storm(seed, 30, conflicts());
    faulty.follow(storm.on(faulty));
    other.follow(storm.on(other));

    Storm.enqueue(one, observer, 30, 20);

    Eventually.isTrue(
        who + " completes all",
        () -> stored(JobState.COMPLETED) + stored(JobState.DISCARDED) == 600);
    other.recover();
    faulty.recover();
    Eventually.isTrue(who + " tells of all", () -> eventsOf(JobEvent.Settled.class).size() >= 600);
    assertThat(eventsOf(JobEvent.Settled.class)).as(who).hasSize(600);
    assertThat(eventsOf(JobEvent.Refused.class)).as(who).isEmpty();
    assertThat(runs).as(who).hasSize(600);
    runs.forEach(
        (id, count) -> {
          Job job = observer.find(id).orElseThrow();
          assertThat(count).as("%s: runs of %s", who, job).hasValue(1);
          assertThat(job.state()).as(who).isEqualTo(JobState.COMPLETED);
          assertThat(job.attempt()).as(who).isEqualTo(1);
          assertThat(job.crashes()).as(who).isZero();
        });
  }

  private long stored(JobState state) {
    return observer.counts().get(state);
  }

  @Test
  void whileTheDatabaseIsAwayJobsRunOnAndNothingIsClaimedAndNothingEnds() throws Exception {
    Duration timeToLive = Duration.ofSeconds(2);
    FaultyDataSource other = faulty.sibling();
    NeuralBridge one = start(faulty, 1, timeToLive);
    Job running = one.enqueue(Jobs.TYPE.request("wait"));
    Eventually.isDown(entered);
    start(other, 1, timeToLive);
    Job second = one.enqueue(Jobs.TYPE.request("x"));
    awaitCompleted(second);

    goAway(faulty);
    goAway(other);
    Eventually.isTrue("all leases have run out", this::areAllNodesLate);
    release.countDown();
    awaitMoreFailures();
    assertThat(observer.find(running.id()).orElseThrow().state()).isEqualTo(JobState.EXECUTING);
    Job next = observer.insert(Jobs.jobs(1)).get(0);
    awaitMoreFailures();
    assertThat(find(next).state()).as("nobody claims").isEqualTo(JobState.AVAILABLE);
    faulty.recover();
    other.recover();

    awaitCompleted(running);
    awaitCompleted(next);
    assertThat(find(running).crashes()).as("nobody thought its node dead").isZero();
    assertThat(find(running).attempt()).isEqualTo(1);
    assertThat(runs.get(running.id())).hasValue(1);
    assertThat(eventsOf(JobEvent.Refused.class)).isEmpty();
    awaitCompleted(one.enqueue(Jobs.TYPE.request("y")));
  }

  private static void goAway(FaultyDataSource database) {
    database.follow(
        (point, sql, connection) -> {
          throw connection == null
              ? new SQLException("no route to the server", "08001")
              : database.lose(connection);
        });
  }

  private boolean areAllNodesLate() {
    return Jdbi.create(real)
        .withHandle(
            db ->
                db.createQuery(
                        "SELECT count(*) = 0 FROM nb_node WHERE expires_at > current_timestamp")
                    .mapTo(Boolean.class)
                    .one());
  }

  private void awaitMoreFailures() {
    int before = faulty.failures();
    Eventually.isTrue("it is tried again and again", () -> faulty.failures() > before + 10);
  }

  @Test
  void outcomesWhoseStoringIsNotAnsweredAreNotToldOfAsRefused() throws Exception {
    NeuralBridge bridge = start(faulty, 4, LONG);
    Job job = bridge.enqueue(Jobs.TYPE.request("wait"));
    Eventually.isDown(entered);
    AtomicInteger lost = new AtomicInteger();
    faulty.follow(
        (point, sql, connection) -> {
          boolean committed = point == Point.COMMITTED || point == Point.ANSWER;
          if (committed && isFinal(job) && lost.getAndIncrement() == 0) {
            throw faulty.lose(connection);
          }
        });

    release.countDown();

    Eventually.isTrue("it is told of", () -> !eventsOf(JobEvent.Settled.class).isEmpty());
    assertThat(lost).hasPositiveValue();
    assertThat(eventsOf(JobEvent.Refused.class)).isEmpty();
    assertThat(find(job).state()).isEqualTo(JobState.COMPLETED);
  }

  private boolean isFinal(Job job) {
    return find(job).state().isFinal();
  }

  @Test
  void jobsOfAClaimWhoseAnswerIsLostRunAllTheSame() {
    NeuralBridge bridge = start(faulty, 4, LONG);
    AtomicInteger lost = new AtomicInteger();
    faulty.follow(
        (point, sql, connection) -> {
          boolean committed = point == Point.COMMITTED || point == Point.ANSWER;
          if (committed && stored(JobState.EXECUTING) > 0 && lost.getAndIncrement() == 0) {
            throw faulty.lose(connection);
          }
        });

    List<Job> jobs = observer.insert(Jobs.jobs(3));

    jobs.forEach(this::awaitCompleted);
    assertThat(lost).hasPositiveValue();
    assertThat(runs.values()).allSatisfy(count -> assertThat(count).hasValue(1));
    jobs.forEach(job -> assertThat(find(job).attempt()).isEqualTo(1));
    jobs.forEach(job -> assertThat(find(job).crashes()).isZero());
    assertThat(bridge.counts()).containsEntry(JobState.EXECUTING, 0L);
  }
}
