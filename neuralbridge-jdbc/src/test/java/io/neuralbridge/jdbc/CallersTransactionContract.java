package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.NeuralBridge;
import io.neuralbridge.job.Enqueued;
import io.neuralbridge.job.Enqueuer;
import io.neuralbridge.job.FailurePolicy;
import io.neuralbridge.job.FlowKind;
import io.neuralbridge.job.FlowRef;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobRequest;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Membership;
import io.neuralbridge.job.Need;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.job.Ties;
import io.neuralbridge.job.Unique;
import io.neuralbridge.job.Unique.Scope;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Queue;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs that are stored in somebody else's transaction. */
abstract class CallersTransactionContract {

  DataSource dataSource;
  JdbcBackend backend;
  NeuralBridge bridge;

  abstract DataSource openDatabase() throws SQLException;

  @BeforeEach
  void open() throws SQLException {
    dataSource = openDatabase();
    backend = JdbcBackend.of(dataSource);
    Tables.clear(dataSource);
    bridge = NeuralBridge.builder().store(backend.queue()).build();
  }

  @Test
  void jobsCommitWithTheCaller() throws SQLException {
    try (Connection connection = begin()) {
      Enqueuer jobs = bridge.using(backend.inTransaction(connection));
      Job job = jobs.enqueue(request("x".repeat(5_000)));
      Enqueued many = jobs.enqueueAll(IntStream.range(0, 2_500).mapToObj(i -> request("job " + i)));

      assertThat(many).isEqualTo(new Enqueued(2_500, 0));
      assertThat(bridge.find(job.id())).as("not committed yet").isEmpty();
      assertThat(connection.isClosed()).isFalse();
      assertThat(connection.getAutoCommit()).isFalse();
      connection.commit();
      assertThat(bridge.find(job.id())).contains(job);
      assertThat(bridge.counts()).containsEntry(JobState.AVAILABLE, 2_501L);
    }
  }

  @Test
  void jobsRollBackWithTheCaller() throws SQLException {
    try (Connection connection = begin()) {
      Job job = bridge.using(backend.inTransaction(connection)).enqueue(request("x"));
      connection.rollback();

      assertThat(bridge.find(job.id())).isEmpty();
      assertThat(bridge.counts()).containsEntry(JobState.AVAILABLE, 0L);
    }
  }

  @Test
  void aJdbiHandlesTransactionIsJoined() {
    Jdbi jdbi = Jdbi.create(dataSource);
    Job kept =
        jdbi.inTransaction(
            handle -> bridge.using(backend.inTransaction(handle)).enqueue(request("kept")));

    assertThatThrownBy(
            () ->
                jdbi.useTransaction(
                    handle -> {
                      bridge.using(backend.inTransaction(handle)).enqueue(request("lost"));
                      throw new IllegalStateException("the caller fails");
                    }))
        .hasMessage("the caller fails");

    assertThat(bridge.find(kept.id())).contains(kept);
    assertThat(bridge.counts()).containsEntry(JobState.AVAILABLE, 1L);
  }

  @Test
  void aUniqueKeyIsTakenWhenTheCallerCommits() throws Exception {
    try (Connection connection = begin()) {
      Job job = bridge.using(backend.inTransaction(connection)).enqueue(unique("a"));
      CompletableFuture<Job> other = CompletableFuture.supplyAsync(() -> enqueue(unique("a")));
      connection.commit();

      assertThat(other.get(30, TimeUnit.SECONDS)).isEqualTo(job.asExisting());
    }
  }

  @Test
  void aUniqueKeyIsFreeWhenTheCallerRollsBack() throws Exception {
    try (Connection connection = begin()) {
      Job lost = bridge.using(backend.inTransaction(connection)).enqueue(unique("a"));
      CompletableFuture<Job> other = CompletableFuture.supplyAsync(() -> enqueue(unique("a")));
      connection.rollback();

      Job stored = other.get(30, TimeUnit.SECONDS);
      assertThat(stored.existing()).isFalse();
      assertThat(stored.id()).isNotEqualTo(lost.id());
      assertThat(bridge.find(stored.id())).contains(stored);
    }
  }

  @Test
  void aKeyThatWasTakenOverGoesBackWhenTheCallerRollsBack() throws SQLException {
    Job first = bridge.enqueue(unique("a"));
    bridge.cancel(first.id());
    try (Connection connection = begin()) {
      Job second = bridge.using(backend.inTransaction(connection)).enqueue(unique("a"));
      assertThat(second.existing()).isFalse();
      connection.rollback();
    }

    assertThat(bridge.retry(first.id())).isTrue();
    assertThat(bridge.enqueue(unique("a")).id()).isEqualTo(first.id());
  }

  @Test
  void whatReplacedAWaitingJobIsUndoneWithTheCaller() throws SQLException {
    JobRequest<String> debounced =
        Jobs.TYPE
            .request("x")
            .withUnique(Unique.byKind().during(Scope.WAITING).replacing(Unique.Field.ARGS));
    Job job = bridge.enqueue(debounced);
    try (Connection connection = begin()) {
      Job found =
          bridge
              .using(backend.inTransaction(connection))
              .enqueue(
                  Jobs.TYPE
                      .request("changed")
                      .withUnique(
                          Unique.byKind().during(Scope.WAITING).replacing(Unique.Field.ARGS)));
      assertThat(found.spec().args()).isEqualTo("\"changed\"");
      connection.rollback();
    }

    assertThat(bridge.find(job.id())).contains(job);
  }

  @Test
  void aTransactionThatAddsToABatchHoldsUpNobodyElsesJobs() throws SQLException {
    Queue queue = backend.queue();
    long node = queue.join("here", Duration.ofMinutes(5));
    FlowRef batch = FlowRef.Fresh.of(FlowKind.BATCH, "batch", true);
    List<Job> members = queue.insert(Collections.nCopies(4, member(batch)));
    FlowRef stored = new FlowRef.Stored(Objects.requireNonNull(members.get(0).flowId()));
    Job needed = queue.insert(Jobs.jobs(1)).get(0);
    Need need = Need.job(needed.id(), FailurePolicy.CANCEL);
    Job waits = queue.insert(List.of(tied(Ties.NONE.withNeeds(List.of(need))))).get(0);
    while (queue.stage(100).more()) {}
    try (Connection connection = begin()) {
      backend.inTransaction(connection).insert(List.of(member(stored)));
      for (Lease lease : queue.claim(new Claim("default", node, 5))) {
        queue.settle(List.of(Jobs.done(lease)));
      }
      for (int round = 0; round < 10; round++) {
        queue.stage(2);
      }

      assertThat(queue.find(waits.id()).orElseThrow().state()).isEqualTo(JobState.AVAILABLE);
      connection.rollback();
    }
  }

  private static NewJob member(FlowRef flow) {
    return tied(Ties.NONE.withMembership(new Membership(flow, null, null)));
  }

  private static NewJob tied(Ties ties) {
    return Jobs.TYPE.request("x").withTies(ties).toNewJob();
  }

  @Test
  void aConnectionThatCommitsByItselfIsRefused() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(true);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> backend.inTransaction(connection))
          .withMessageContaining("setAutoCommit(false)");

      connection.setAutoCommit(false);
      Enqueuer jobs = bridge.using(backend.inTransaction(connection));
      connection.setAutoCommit(true);
      assertThatIllegalArgumentException().isThrownBy(() -> jobs.enqueue(request("x")));
      assertThat(bridge.counts()).containsEntry(JobState.AVAILABLE, 0L);
    }
  }

  @Test
  void aClosedConnectionIsRefused() throws SQLException {
    Connection connection = begin();
    Enqueuer jobs = bridge.using(backend.inTransaction(connection));
    connection.close();

    assertThatThrownBy(() -> jobs.enqueue(request("x"))).isInstanceOf(DatabaseException.class);
  }

  private Job enqueue(JobRequest<String> request) {
    return bridge.enqueue(request);
  }

  final Connection begin() throws SQLException {
    Connection connection = dataSource.getConnection();
    connection.setAutoCommit(false);
    return connection;
  }

  private static JobRequest<String> request(String args) {
    return Jobs.TYPE.request(args);
  }

  static JobRequest<String> unique(String args) {
    return request(args).withUnique(Unique.byArgs());
  }
}
