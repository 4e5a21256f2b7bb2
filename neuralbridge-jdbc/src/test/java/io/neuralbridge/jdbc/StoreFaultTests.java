package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariDataSource;
import io.neuralbridge.jdbc.FaultyDataSource.Point;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Queue;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a queue does, and says, when its database fails in the middle of a verb. */
abstract class StoreFaultTests {

  private static final Duration TTL = Duration.ofMinutes(5);

  /** A data source on emptied tables. */
  abstract HikariDataSource emptied() throws Exception;

  /** A deadlock, a serialization failure and a lock's timeout, as this database tells of them. */
  abstract List<SQLException> conflicts();

  private FaultyDataSource faulty;
  private Queue queue;

  /** The same tables, without faults. */
  private Queue observer;

  @BeforeEach
  void open() throws Exception {
    HikariDataSource real = emptied();
    faulty = new FaultyDataSource(real);
    observer = JdbcBackend.of(real).queue();
    queue = JdbcBackend.of(faulty.dataSource(), JdbcBackend.Migration.NONE).queue();
  }

  @Test
  void aTransactionThatLostAgainstOthersIsMadeAgain() {
    Deque<SQLException> left = failWith(conflicts(), Point.STATEMENT);
    List<Job> jobs = queue.insert(Jobs.jobs(3));
    assertThat(left).isEmpty();
    failWith(conflicts(), Point.STATEMENT);
    long node = queue.join("here", TTL);
    failWith(conflicts(), Point.STATEMENT);
    List<Lease> leases = queue.claim(new Claim("default", node, 10));
    left = failWith(conflicts(), Point.STATEMENT);
    Set<Long> settled = queue.settle(leases.stream().map(Jobs::done).toList());

    assertThat(left).isEmpty();
    assertThat(settled).hasSize(3).containsExactlyInAnyOrderElementsOf(ids(jobs));
    assertThat(observer.counts()).containsEntry(JobState.COMPLETED, 3L);
  }

  @Test
  void aTransactionThatLosesWhenItCommitsStoresNothingTwice() {
    Deque<SQLException> left = failWith(conflicts(), Point.COMMIT);

    assertThat(queue.insert(Jobs.jobs(1_500))).hasSize(1_500);

    assertThat(left).isEmpty();
    assertThat(observer.counts()).containsEntry(JobState.AVAILABLE, 1_500L);
  }

  @Test
  void aTransactionThatAlwaysLosesSaysSo() {
    failWith(Collections.nCopies(100, conflicts().get(0)), Point.STATEMENT);

    assertThatThrownBy(() -> queue.insert(Jobs.jobs(1)))
        .isInstanceOfSatisfying(
            DatabaseException.class,
            e -> assertThat(e.code()).isEqualTo(DatabaseException.CONFLICT));
  }

  @ParameterizedTest
  @EnumSource(
      value = Point.class,
      names = {"STATEMENT", "ANSWER"})
  void aConnectionThatBreaksBeforeTheCommitIsReplaced(Point point) {
    AtomicInteger left = new AtomicInteger(2);
    faulty.follow(
        (at, sql, connection) -> {
          if (at == point && sql.contains("INTO nb_job") && left.getAndDecrement() > 0) {
            throw faulty.lose(connection);
          }
        });

    queue.insert(Jobs.jobs(1_500));

    assertThat(left).hasNegativeValue();
    assertThat(observer.counts()).containsEntry(JobState.AVAILABLE, 1_500L);
  }

  @Test
  void anInsertWhoseCommitIsNotAnsweredIsInDoubtAndStoredOnce() {
    loseAnswersOfCommits();

    DatabaseException e =
        catchThrowableOfType(DatabaseException.class, () -> queue.insert(Jobs.jobs(1_500)));

    assertThat(e.code()).isEqualTo(DatabaseException.IN_DOUBT);
    assertThat(observer.counts()).containsEntry(JobState.AVAILABLE, 1_500L);
  }

  @Test
  void anInsertWhoseCommitDoesNotReachTheServerIsInDoubtAndNotStored() {
    faulty.follow(
        (point, sql, connection) -> {
          if (point == Point.COMMIT) {
            throw faulty.lose(connection);
          }
        });

    DatabaseException e =
        catchThrowableOfType(DatabaseException.class, () -> queue.insert(Jobs.jobs(2)));

    assertThat(e.code()).isEqualTo(DatabaseException.IN_DOUBT);
    assertThat(observer.counts()).containsEntry(JobState.AVAILABLE, 0L);
  }

  @Test
  void aClaimWhoseAnswerIsLostShowsInTheLeasesOfItsNode() {
    List<Job> jobs = queue.insert(Jobs.jobs(3));
    long node = queue.join("here", TTL);
    AtomicBoolean claimed = new AtomicBoolean();
    faulty.follow(
        (point, sql, connection) -> {
          claimed.compareAndSet(false, sql.contains("SET state = 1"));
          boolean alone = point == Point.ANSWER && connection.getAutoCommit();
          if (claimed.get() && (alone || point == Point.COMMITTED)) {
            throw faulty.lose(connection);
          }
        });
    assertThatThrownBy(() -> queue.claim(new Claim("default", node, 1)))
        .isInstanceOf(DatabaseException.class);
    faulty.recover();

    assertThat(observer.counts()).containsEntry(JobState.EXECUTING, 1L);
    assertThat(queue.leases(node)).containsOnlyKeys(jobs.get(0).id());
  }

  @Test
  void aSettleWhoseAnswerIsLostIsStoredAndRefusedTheNextTime() {
    queue.insert(Jobs.jobs(3));
    long node = queue.join("here", TTL);
    List<Lease> leases = queue.claim(new Claim("default", node, 3));
    loseAnswersOfCommits();
    assertThatThrownBy(() -> queue.settle(leases.stream().map(Jobs::done).toList()))
        .isInstanceOf(DatabaseException.class);
    faulty.recover();

    assertThat(queue.settle(leases.stream().map(Jobs::done).toList())).isEmpty();
    assertThat(observer.counts()).containsEntry(JobState.COMPLETED, 3L);
  }

  @Test
  void noConnectionToBeHadMeansThatNothingWasChanged() {
    AtomicInteger asked = new AtomicInteger();
    faulty.follow(
        (point, sql, connection) -> {
          asked.incrementAndGet();
          throw new SQLTransientConnectionException("the pool is empty");
        });

    DatabaseException e =
        catchThrowableOfType(DatabaseException.class, () -> queue.insert(Jobs.jobs(1)));

    assertThat(e.code()).isEqualTo(DatabaseException.UNAVAILABLE);
    assertThat(asked).as("the pool has waited long enough").hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"53300", "53200", "53100", "57014"})
  void aServerWithoutRoomOrTimeIsUnavailableAndNotAskedAgainAtOnce(String state) {
    Deque<SQLException> left =
        failWith(Collections.nCopies(100, new SQLException("injected", state)), Point.STATEMENT);

    DatabaseException e =
        catchThrowableOfType(DatabaseException.class, () -> queue.insert(Jobs.jobs(1)));

    assertThat(e.code()).isEqualTo(DatabaseException.UNAVAILABLE);
    assertThat(left).hasSize(99);
  }

  /** Throws these, one each time; what is returned holds those that are still to come. */
  private Deque<SQLException> failWith(List<SQLException> faults, Point point) {
    Deque<SQLException> left = new ArrayDeque<>(faults);
    faulty.follow(
        (at, sql, connection) -> {
          if (at == point && !left.isEmpty()) {
            throw left.removeFirst();
          }
        });
    return left;
  }

  /** In a transaction the answer to the commit, else that of the statement which commits itself. */
  private void loseAnswersOfCommits() {
    faulty.follow(
        (point, sql, connection) -> {
          if (point == Point.COMMITTED || (point == Point.ANSWER && connection.getAutoCommit())) {
            throw faulty.lose(connection);
          }
        });
  }

  private static List<Long> ids(List<Job> jobs) {
    return jobs.stream().map(Job::id).toList();
  }
}
