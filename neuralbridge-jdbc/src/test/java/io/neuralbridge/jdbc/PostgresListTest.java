package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.neuralbridge.jdbc.JdbcBackend.Migration;
import io.neuralbridge.jdbc.testing.PostgresDatabase;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobEdit;
import io.neuralbridge.job.JobFilter;
import io.neuralbridge.job.JobOrder;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Page;
import io.neuralbridge.job.Paging;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.EndedJob;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Queue;
import io.neuralbridge.queue.Transition;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a page of a listing costs, in rows and index entries that PostgreSQL reads for it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresListTest {

  private static final int ENDED = 25_000;
  private static final int WAITING = 25_000;
  private static final int RUNNING = 5;
  private static final Paging NEWEST = Paging.newest(50);
  private static final Paging DUE = Paging.by(JobOrder.SOONEST_DUE);
  private static final Paging FINISHED = Paging.by(JobOrder.LATEST_FINISHED);

  /** A page's jobs, looked at and then read, with the entries of the two tables' keys. */
  private static final int A_FEW = 500;

  /** One walk to find the bound and one up to it, in each of two tables. */
  private static final int WALKS = 4 * ListStatements.WALK + A_FEW;

  @RegisterExtension static final PostgresDatabase POSTGRES = new PostgresDatabase();

  private HikariDataSource database;
  private Queue queue;
  private Job first;

  @BeforeAll
  void fill() throws SQLException {
    JdbcBackend.of(POSTGRES.dataSource());
    database = POSTGRES.singleConnection();
    queue = JdbcBackend.of(database, Migration.NONE).queue();
    long node = queue.join("here", Duration.ofDays(1));
    first = queue.insert(List.of(Jobs.TYPE.withTags("rare").request("x").toNewJob())).get(0);
    queue.insert(Jobs.jobs(ENDED - 1));
    List<Lease> leases = queue.claim(new Claim("default", node, 1_000));
    while (!leases.isEmpty()) {
      queue.settle(leases.stream().map(PostgresListTest::outcome).toList());
      leases = queue.claim(new Claim("default", node, 1_000));
    }
    queue.insert(Jobs.jobs(WAITING));
    queue.claim(new Claim("default", node, RUNNING));
    PostgresDatabase.execute(database, "VACUUM ANALYZE nb_job");
    PostgresDatabase.execute(database, "VACUUM ANALYZE nb_job_history");
  }

  private static Transition outcome(Lease lease) {
    JobState state = lease.job().id() % 1_000 == 1 ? JobState.DISCARDED : JobState.COMPLETED;
    return new Transition.Finish(lease.job().id(), lease.token(), state, null, null);
  }

  @Test
  void whatAnIndexHoldsCostsAFewRows() throws SQLException {
    JobFilter all = JobFilter.all();

    assertCost(all, NEWEST, 50, A_FEW);
    assertCost(all.withStates(JobState.AVAILABLE), NEWEST, 50, WALKS);
    assertCost(all.withStates(JobState.EXECUTING), NEWEST, RUNNING, A_FEW);
    assertCost(all.withStates(JobState.DISCARDED), NEWEST, 25, A_FEW);
    assertCost(all.withStates(JobState.DISCARDED, JobState.CANCELLED), NEWEST, 25, A_FEW);
    assertCost(all.withIds(List.of(first.id(), first.id() + 1)), NEWEST, 2, A_FEW);
    assertCost(all, FINISHED, 50, A_FEW);
    assertCost(all, DUE, 50, A_FEW);
    assertCost(all.withQueues("default").withStates(JobState.AVAILABLE), DUE, 50, A_FEW);
    assertCost(all.withQueues("nobody"), DUE, 0, A_FEW);
  }

  @Test
  void whatFewJobsMeetCostsNoMoreThanAWalkAPage() throws SQLException {
    JobFilter rare = JobFilter.all().withAnyTag("rare");

    assertCost(rare, NEWEST, 0, WALKS);
    assertCost(JobFilter.all().withQueues("nobody"), NEWEST, 0, WALKS);
    assertCost(
        JobFilter.all().withQueues("nobody").withStates(JobState.AVAILABLE), NEWEST, 0, WALKS);
    assertCost(rare, DUE, 0, WALKS);
    assertCost(rare, FINISHED, 0, WALKS);
    assertCost(rare.withStates(JobState.DISCARDED), NEWEST, 1, WALKS);
  }

  @Test
  void pagesThatCameToTheirBoundGoOnUntilTheJobIsFound() {
    for (Paging paging : List.of(NEWEST, FINISHED)) {
      List<Job> found = new ArrayList<>();
      int pages = 0;
      Paging wanted = paging;
      Page<Job> page;
      do {
        page = queue.list(JobFilter.all().withAnyTag("rare"), wanted);
        found.addAll(page.items());
        pages++;
        wanted = paging.after(page.next());
      } while (page.next() != null);

      assertThat(found).extracting(Job::id).containsExactly(first.id());
      assertThat(pages).isBetween(3, 7);
    }
  }

  @Test
  void aLaterPageCostsNoMoreThanTheFirst() throws SQLException {
    for (Paging paging : List.of(NEWEST, FINISHED, DUE)) {
      Paging wanted = paging.withSize(1_000);
      for (int i = 0; i < 15; i++) {
        Page<Long> page = queue.ids(JobFilter.all(), wanted);
        assertThat(page.items()).hasSize(1_000);
        wanted = wanted.after(page.next());
      }
      assertCost(JobFilter.all(), wanted.withSize(50), 50, A_FEW);
    }
  }

  @Test
  void whatIsDoneToChosenJobsIsPlannedOnTheirKeys() throws SQLException {
    List<Long> ids = queue.insert(Jobs.jobs(100)).stream().map(Job::id).toList();
    long scans = number("seq_scan");

    assertThat(queue.edit(ids, JobEdit.none().withArgs(Jobs.TYPE, "y".repeat(2_000)))).hasSize(100);
    assertThat(queue.delete(ids.subList(0, 50))).hasSize(50);
    assertThat(queue.cancel(ids)).hasSize(50);
    EndedJob last = ended(queue.list(JobFilter.all(), FINISHED.withSize(1)).items().get(0));
    assertThat(queue.history().ended(Duration.ofDays(1), null, 100)).isEmpty();
    assertThat(queue.history().ended(Duration.ZERO, last, 100)).isEmpty();
    List<EndedJob> cancelled =
        queue.list(JobFilter.all().withIds(ids), NEWEST).items().stream()
            .map(PostgresListTest::ended)
            .toList();
    assertThat(queue.history().read(cancelled)).hasSize(50);
    assertThat(queue.history().delete(cancelled)).isEqualTo(50);

    assertThat(number("seq_scan")).isEqualTo(scans);
  }

  private static EndedJob ended(Job job) {
    return new EndedJob(job.id(), job.finishedAt(), job.state(), job.queue(), job.kind());
  }

  private void assertCost(JobFilter filter, Paging paging, int found, int most)
      throws SQLException {
    long scans = number("seq_scan");
    long before = read();

    Page<Job> page = queue.list(filter, paging);

    long read = read() - before;
    assertThat(page.items()).as("%s by %s", filter, paging).hasSize(found);
    assertThat(read).as("read for %s by %s", filter, paging).isBetween((long) found, (long) most);
    assertThat(number("seq_scan")).as("scans for %s by %s", filter, paging).isEqualTo(scans);
  }

  private long read() throws SQLException {
    return number("seq_tup_read")
        + query(
            "SELECT coalesce(sum(idx_tup_read), 0) FROM pg_stat_user_indexes"
                + " WHERE schemaname = current_schema() AND relname LIKE 'nb_job%'");
  }

  private long number(String column) throws SQLException {
    return query(
        ("SELECT coalesce(sum(%s), 0) FROM pg_stat_user_tables"
                + " WHERE schemaname = current_schema() AND relname LIKE 'nb_job%%'")
            .formatted(column));
  }

  private long query(String sql) throws SQLException {
    // The flush comes at the end of its own statement.
    PostgresDatabase.execute(database, "SELECT pg_stat_force_next_flush()");
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
