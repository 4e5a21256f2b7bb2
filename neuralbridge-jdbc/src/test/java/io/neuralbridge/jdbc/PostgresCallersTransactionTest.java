package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.jdbc.testing.PostgresDatabase;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobRequest;
import io.neuralbridge.job.Unique;
import io.neuralbridge.job.Unique.Scope;
import io.neuralbridge.queue.Claim;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresCallersTransactionTest extends CallersTransactionContract {

  @RegisterExtension static final PostgresDatabase POSTGRES = new PostgresDatabase();

  @Override
  DataSource openDatabase() {
    return POSTGRES.dataSource();
  }

  @Test
  void aConflictIsTheCallersToTryAgain() throws SQLException {
    try (Connection connection = begin()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.createStatement().execute("SELECT 1 FROM nb_job");
      bridge.enqueue(unique("a"));

      assertThatThrownBy(() -> bridge.using(backend.inTransaction(connection)).enqueue(unique("a")))
          .isInstanceOfSatisfying(
              DatabaseException.class,
              e -> assertThat(e.code()).isEqualTo(DatabaseException.CONFLICT));
      connection.rollback();
      assertThat(bridge.using(backend.inTransaction(connection)).enqueue(unique("a")).existing())
          .isTrue();
    }
  }

  @Test
  void aWaitingJobThatTheCallerFoundIsNotClaimedBeforeItCommits() throws SQLException {
    JobRequest<String> refresh =
        Jobs.TYPE.request("x").withUnique(Unique.byArgs().during(Scope.WAITING));
    Job waiting = bridge.enqueue(refresh);
    Job other = bridge.enqueue(unique("other"));
    long node = backend.queue().join("here", Duration.ofMinutes(5));
    try (Connection connection = begin()) {
      assertThat(bridge.using(backend.inTransaction(connection)).enqueue(refresh).id())
          .isEqualTo(waiting.id());

      assertThat(claim(node)).containsExactly(other.id());
      connection.commit();
      assertThat(claim(node)).containsExactly(waiting.id());
    }
  }

  private List<Long> claim(long node) {
    return backend.queue().claim(new Claim("default", node, 10)).stream()
        .map(lease -> lease.job().id())
        .toList();
  }
}
