package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.zaxxer.hikari.HikariDataSource;
import io.neuralbridge.NeuralBridge;
import io.neuralbridge.jdbc.ChaosNode.Fate;
import io.neuralbridge.jdbc.ChaosNode.Task;
import io.neuralbridge.jdbc.testing.PostgresDatabase;
import io.neuralbridge.jdbc.testing.PrivatePostgres;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobRequest;
import io.neuralbridge.job.JobState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Three nodes in three processes on a PostgreSQL of their own, all of which come to grief. The
 * judge is what the handlers wrote down themselves. A failure names its seed; {@code
 * -Dneuralbridge.seed=…} plays the same blows again.
 */
@Timeout(900)
class PostgresChaosTest {

  private static final int JOBS = 20_000;
  private static final int CHUNK = 200;
  private static final int MOST_WAITING = 4_000;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration TIME_TO_LIVE = Duration.ofSeconds(6);

  private interface Act {
    void perform() throws Exception;
  }

  private final long seed = Long.getLong("neuralbridge.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final ExecutorService background = Executors.newSingleThreadExecutor();
  private PrivatePostgres postgres;
  private HikariDataSource pool;
  private ChaosStore store;
  private Ledger ledger;

  @BeforeEach
  void startServer() throws Exception {
    assumeThat(System.getProperty("os.name")).doesNotContain("Windows");
    postgres = PrivatePostgres.start();
    pool = ChaosNode.pool(postgres.url(), "judge");
    store = new ChaosStore(pool);
    ledger = new Ledger(pool);
    PostgresDatabase.execute(pool, Ledger.TABLE);
  }

  @AfterEach
  void stopServer() throws Exception {
    background.shutdownNow();
    if (pool != null) {
      pool.close();
    }
    if (postgres != null) {
      postgres.close();
    }
  }

  @Test
  void whateverDiesNothingIsLostAndOnlyWhatWasInFlightRunsAgain() throws Exception {
    try (NeuralBridge client = client();
        ChaosCluster cluster = new ChaosCluster(postgres.url(), store, TIME_TO_LIVE, random)) {
      play(client, cluster);

      new ChaosJudge(seed, store, ledger, cluster).judge(JOBS);
    } catch (Exception | AssertionError e) {
      throw new AssertionError("seed %d: %s".formatted(seed, store.progress()), e);
    }
  }

  private void play(NeuralBridge client, ChaosCluster cluster) throws Exception {
    for (int i = 0; i < 3; i++) {
      cluster.add();
    }
    Future<?> feeder = background.submit(() -> feed(client));
    for (Map.Entry<Integer, Act> act : plan(cluster)) {
      await(cluster, () -> store.countEnded() >= act.getKey());
      act.getValue().perform();
    }
    await(cluster, () -> isDone(feeder) && store.countEnded() == JOBS && !cluster.hasStopped());
    await(cluster, cluster::hasToldOfEveryLateResult);
  }

  @Test
  void withTheDefaultHeartbeatJobsOfAKilledNodeBeginAgainWithinHalfAMinute() throws Exception {
    try (NeuralBridge client = client();
        ChaosCluster cluster = new ChaosCluster(postgres.url(), store, null, random)) {
      cluster.add();
      client.enqueueAll(
          IntStream.range(0, ChaosNode.SLOTS)
              .mapToObj(number -> ChaosNode.TYPE.request(new Task(number, 0, Fate.AWAITED)))
              .toList());
      await(cluster, () -> ledger.runs().size() == ChaosNode.SLOTS);

      cluster.killOne();
      await(cluster, () -> store.countEnded() == ChaosNode.SLOTS);

      assertThat(cluster.blows().get(0).leased()).hasSize(ChaosNode.SLOTS);
      new ChaosJudge(seed, store, ledger, cluster).judge(ChaosNode.SLOTS);
    }
  }

  @Test
  void aJobThatKillsItsProcessIsDiscardedAndThoseBesideItAreNot() throws Exception {
    int pack = 8;
    int poison = random.nextInt(pack);
    try (NeuralBridge client = client();
        ChaosCluster cluster =
            new ChaosCluster(postgres.url(), store, Duration.ofSeconds(2), random)) {
      cluster.add();
      List<Job> jobs =
          client.enqueueAll(
              IntStream.range(0, pack)
                  .mapToObj(n -> new Task(n, 100, n == poison ? Fate.SUICIDE : Fate.NONE))
                  .map(ChaosNode.TYPE::request)
                  .toList());
      await(
          cluster,
          () -> {
            cluster.replaceTheDead();
            return store.countEnded() == pack;
          });

      for (int n = 0; n < pack; n++) {
        Job job = client.find(jobs.get(n).id()).orElseThrow();
        JobState expected = n == poison ? JobState.DISCARDED : JobState.COMPLETED;
        assertThat(job.state()).as("seed %d: %s", seed, job).isEqualTo(expected);
        assertThat(job.attempt()).as("seed %d: attempts of %s", seed, job).isEqualTo(1);
      }
    } catch (Exception | AssertionError e) {
      throw new AssertionError("seed %d: %s".formatted(seed, store.progress()), e);
    }
  }

  private static boolean isDone(Future<?> feeder) throws Exception {
    if (feeder.isDone()) {
      feeder.get();
    }
    return feeder.isDone();
  }

  private NeuralBridge client() {
    return NeuralBridge.builder().store(JdbcBackend.of(pool).queue()).build();
  }

  /** What is done, each when so many jobs have ended. */
  private List<Map.Entry<Integer, Act>> plan(ChaosCluster cluster) {
    List<Act> acts =
        new ArrayList<>(
            List.of(
                cluster::killOne,
                cluster::killOne,
                cluster::killOne,
                cluster::killOne,
                cluster::stopOne,
                this::crashServer,
                this::crashServer));
    Collections.shuffle(acts, random);
    List<Integer> moments =
        random.ints(acts.size(), JOBS / 100, JOBS * 3 / 4).sorted().boxed().toList();
    return IntStream.range(0, acts.size())
        .mapToObj(i -> Map.entry(moments.get(i), acts.get(i)))
        .toList();
  }

  private void crashServer() throws Exception {
    postgres.crash();
    postgres.startAgain();
  }

  private interface Condition {
    boolean isTrue() throws Exception;
  }

  private void await(ChaosCluster cluster, Condition condition) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.isTrue()) {
      cluster.continueTheGivenUp();
      assertThat(System.nanoTime() - end)
          .as(() -> "seed %d: of %d %s".formatted(seed, JOBS, store.progress()))
          .isNegative();
      LockSupport.parkNanos(20_000_000);
    }
  }

  /**
   * Stores all jobs, chunk by chunk, as a caller does who knows what the codes promise: again after
   * {@code database_unavailable}, and after a look where it is in doubt.
   */
  private void feed(NeuralBridge client) {
    Random lengths = new Random(seed);
    for (int from = 0; from < JOBS; from += CHUNK) {
      while (from - store.countEnded() > MOST_WAITING) {
        LockSupport.parkNanos(20_000_000);
      }
      List<JobRequest<Task>> chunk =
          IntStream.range(from, from + CHUNK)
              .mapToObj(number -> ChaosNode.TYPE.request(task(number, lengths)))
              .toList();
      while (!isStored(client, chunk, from)) {
        LockSupport.parkNanos(20_000_000);
      }
    }
  }

  private static Task task(int number, Random lengths) {
    int millis = lengths.nextInt(20) == 0 ? 50 + lengths.nextInt(150) : lengths.nextInt(15);
    return new Task(number, millis, Fate.NONE);
  }

  private boolean isStored(NeuralBridge client, List<JobRequest<Task>> chunk, int first) {
    try {
      client.enqueueAll(chunk);
      return true;
    } catch (DatabaseException e) {
      return e.code().equals(DatabaseException.IN_DOUBT) && store.isStored(first);
    }
  }
}
