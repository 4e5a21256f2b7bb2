package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.jdbc.FaultyDataSource.Point;
import io.neuralbridge.jdbc.JdbcBackend.Migration;
import io.neuralbridge.jdbc.testing.PostgresDatabase;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Queue;
import io.neuralbridge.queue.QueueLimits;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The first claim from a queue in which nothing was due, while another process puts jobs in. */
class PostgresQuietClaimTest {

  @RegisterExtension static final PostgresDatabase POSTGRES = new PostgresDatabase();

  private static final String NAME = "default";

  private final List<String> statements = new ArrayList<>();
  private Queue queue;
  private Queue other;
  private long node;

  @BeforeEach
  void lookAtAnEmptyQueue() throws SQLException {
    other = JdbcBackend.of(POSTGRES.dataSource(), Migration.APPLY).queue();
    Tables.clear(POSTGRES.dataSource());
    FaultyDataSource counting = new FaultyDataSource(POSTGRES.dataSource());
    counting.follow(
        (point, sql, connection) -> {
          if (point == Point.STATEMENT) {
            statements.add(sql);
          }
        });
    queue = JdbcBackend.of(counting.dataSource(), Migration.NONE).queue();
    node = queue.join("here", Duration.ofMinutes(5));
    assertThat(queue.untilNextDue(NAME)).isEmpty();
    statements.clear();
  }

  @Test
  void aLoneJobIsClaimedByOneStatement() {
    other.insert(Jobs.jobs(1));

    assertThat(claim()).hasSize(1);

    assertThat(statements).hasSize(1);
  }

  @Test
  void theMostUrgentComeFirst() {
    other.insert(List.of(Jobs.TYPE.request("later").withPriority(7).toNewJob()));
    other.insert(List.of(Jobs.TYPE.request("first").withPriority(2).toNewJob()));

    assertThat(queue.claim(new Claim(NAME, node, 1)))
        .extracting(lease -> lease.job().spec().priority())
        .containsExactly(2);
  }

  @Test
  void jobsWithKeysAreFoundByTheLookThatFollows() {
    other.insert(Jobs.jobs(1));
    other.insert(List.of(Jobs.TYPE.request("keyed").withKey("tenant").toNewJob()));

    List<Lease> leases = claim();
    assertThat(queue.untilNextDue(NAME)).contains(Duration.ZERO);
    leases.addAll(claim());

    assertThat(leases).extracting(lease -> lease.job().id()).doesNotHaveDuplicates().hasSize(2);
  }

  @Test
  void aLimitThatWasSetMeanwhileHolds() {
    other.controls().declare(Map.of(NAME, QueueLimits.NONE.withMaxRunning(1)));
    other.insert(Jobs.jobs(2));

    assertThat(claim()).hasSize(1);
  }

  private List<Lease> claim() {
    return new ArrayList<>(queue.claim(new Claim(NAME, node, 10)));
  }
}
