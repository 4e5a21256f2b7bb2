package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Queue;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A claim that has seen a job which another transaction is changing. */
class H2ClaimRaceTest {

  private final EmbeddedDatabase database = EmbeddedDatabase.inMemory();
  private final DataSource dataSource = database.dataSource();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void close() {
    threads.shutdownNow();
    database.close();
  }

  @Test
  void aJobThatMovesToAnotherQueueIsNotClaimedFromTheOldOne() throws Exception {
    Queue queue = JdbcBackend.of(dataSource).queue();
    Job job = queue.insert(Jobs.jobs(1)).get(0);
    long node = queue.join("here", Duration.ofMinutes(5));
    try (Connection editor = dataSource.getConnection()) {
      editor.setAutoCommit(false);
      editor.createStatement().execute("UPDATE nb_job SET queue = 'other'");
      Future<List<Lease>> claimed =
          threads.submit(() -> queue.claim(new Claim("default", node, 1)));
      Eventually.isTrue("the claim waits for the edit", this::somebodyWaits);
      editor.commit();

      assertThat(claimed.get(30, TimeUnit.SECONDS)).isEmpty();
      assertThat(queue.claim(new Claim("other", node, 1)))
          .extracting(lease -> lease.job().id())
          .containsExactly(job.id());
    }
  }

  private boolean somebodyWaits() {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet waiting =
            statement.executeQuery(
                "SELECT 1 FROM information_schema.sessions WHERE blocker_id IS NOT NULL")) {
      return waiting.next();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
