package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.jdbc.testing.PostgresDatabase;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.job.Unique;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Queue;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What only many connections at once can show. */
class PostgresConcurrencyTest {

  private static final Duration TTL = Duration.ofMinutes(5);

  @RegisterExtension static final PostgresDatabase POSTGRES = new PostgresDatabase();

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private Queue queue;

  @BeforeEach
  void open() throws SQLException {
    queue = JdbcBackend.of(POSTGRES.dataSource()).queue();
    Tables.clear(POSTGRES.dataSource());
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void manyNodesClaimAndSettleEveryJobExactlyOnce() throws Exception {
    int jobs = 4_000;
    queue.insert(Jobs.jobs(jobs));

    List<Long> settled = atOnce(8, this::drain);

    assertThat(settled).hasSize(jobs).doesNotHaveDuplicates();
    assertThat(queue.counts()).containsEntry(JobState.COMPLETED, (long) jobs);
  }

  private List<Long> drain() {
    long node = queue.join("drain", TTL);
    List<Long> mine = new ArrayList<>();
    List<Lease> leases;
    do {
      leases = queue.claim(new Claim("default", node, 23));
      mine.addAll(queue.settle(leases.stream().map(Jobs::done).toList()));
    } while (!leases.isEmpty());
    return mine;
  }

  @Test
  void everyLeaseIsEitherSettledOrRescuedWhenBothComeAtOnce() throws Exception {
    for (int round = 0; round < 20; round++) {
      queue.insert(Jobs.jobs(50));
      long node = queue.join("doomed", TTL);
      List<Lease> leases = queue.claim(new Claim("default", node, 1_000));
      queue.leave(node);
      CyclicBarrier start = new CyclicBarrier(3);

      Future<Set<Long>> settled = threads.submit(() -> settleInSteps(leases, start));
      Future<List<Job>> one = threads.submit(() -> rescue(start));
      Future<List<Job>> other = threads.submit(() -> rescue(start));

      List<Long> rescued = new ArrayList<>();
      one.get().forEach(job -> rescued.add(job.id()));
      other.get().forEach(job -> rescued.add(job.id()));
      List<Long> all = new ArrayList<>(rescued);
      all.addAll(settled.get());
      assertThat(all).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(ids(leases));
      assertThat(rescued)
          .allSatisfy(
              id -> assertThat(queue.find(id).orElseThrow().crashes()).isGreaterThanOrEqualTo(1));
    }
  }

  private Set<Long> settleInSteps(List<Lease> leases, CyclicBarrier start) throws Exception {
    start.await();
    Set<Long> settled = new HashSet<>();
    for (int i = 0; i < leases.size(); i += 5) {
      List<Lease> some = leases.subList(i, Math.min(i + 5, leases.size()));
      settled.addAll(queue.settle(some.stream().map(Jobs::done).toList()));
    }
    return settled;
  }

  private List<Job> rescue(CyclicBarrier start) throws Exception {
    start.await();
    return queue.rescue(1_000);
  }

  @Test
  void aClaimPassesByTheRowsThatAnotherTransactionHolds() throws SQLException {
    List<Long> jobs = queue.insert(Jobs.jobs(3)).stream().map(Job::id).toList();
    long node = queue.join("here", TTL);
    try (Connection holder = POSTGRES.dataSource().getConnection()) {
      holder.setAutoCommit(false);
      holder
          .createStatement()
          .execute("SELECT 1 FROM nb_job WHERE id = " + jobs.get(0) + " FOR UPDATE");

      assertThat(ids(queue.claim(new Claim("default", node, 10))))
          .containsExactlyElementsOf(jobs.subList(1, 3));
      holder.rollback();
    }
  }

  @Test
  void settlesThatMeetInOppositeOrdersBothEnd() throws Exception {
    for (int round = 0; round < 10; round++) {
      queue.insert(Jobs.jobs(100));
      long node = queue.join("here", TTL);
      List<Lease> leases = new ArrayList<>(queue.claim(new Claim("default", node, 100)));
      List<Lease> reversed = new ArrayList<>(leases);
      java.util.Collections.reverse(reversed);
      CyclicBarrier start = new CyclicBarrier(2);

      Future<Set<Long>> one = threads.submit(() -> settle(leases, start));
      Future<Set<Long>> other = threads.submit(() -> settle(reversed, start));

      assertThat(one.get().size() + other.get().size()).isEqualTo(100);
    }
  }

  private Set<Long> settle(List<Lease> leases, CyclicBarrier start) throws Exception {
    start.await();
    return queue.settle(leases.stream().map(Jobs::done).toList());
  }

  @Test
  void aRetryThatWaitsForAUniqueKeyKeepsNoRunningJobFromBeingSettled() throws Exception {
    NewJob unique = Jobs.TYPE.request("x").withUnique(Unique.byKind()).toNewJob();
    long ended = queue.insert(List.of(unique)).get(0).id();
    queue.cancel(List.of(ended));
    queue.insert(Jobs.jobs(1));
    long node = queue.join("here", TTL);
    Lease running = queue.claim(new Claim("default", node, 1)).get(0);
    try (Connection holder = POSTGRES.dataSource().getConnection()) {
      holder.setAutoCommit(false);
      holder.createStatement().execute("SELECT 1 FROM nb_job_unique FOR UPDATE");
      Future<Set<Long>> retried =
          threads.submit(() -> queue.retry(List.of(ended, running.job().id())));
      Eventually.isTrue("the retry waits for the key", PostgresConcurrencyTest::somebodyWaits);

      Future<Set<Long>> settled = threads.submit(() -> queue.settle(List.of(Jobs.done(running))));
      assertThat(settled.get(20, TimeUnit.SECONDS)).hasSize(1);
      holder.rollback();
      assertThat(retried.get(20, TimeUnit.SECONDS)).containsExactly(ended);
    }
  }

  private static boolean somebodyWaits() {
    try (Connection connection = POSTGRES.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet waiting = statement.executeQuery("SELECT 1 FROM pg_locks WHERE NOT granted")) {
      return waiting.next();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Long> ids(List<Lease> leases) {
    return leases.stream().map(lease -> lease.job().id()).toList();
  }

  private List<Long> atOnce(int count, Callable<List<Long>> work)
      throws InterruptedException, ExecutionException {
    List<Future<List<Long>>> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parts.add(threads.submit(work));
    }
    List<Long> all = new ArrayList<>();
    for (Future<List<Long>> part : parts) {
      all.addAll(part.get());
    }
    return all;
  }
}
