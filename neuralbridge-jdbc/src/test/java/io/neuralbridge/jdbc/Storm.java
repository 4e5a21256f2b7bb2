package io.neuralbridge.jdbc;

import io.neuralbridge.job.JobClient;
import io.neuralbridge.job.JobRequest;
import io.neuralbridge.queue.Queue;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Faults of all kinds at random, the same dice for all who are in it. */
final class Storm {

  private final Random random;
  private final int perMille;
  private final List<SQLException> conflicts;

  /**
   * @param perMille how many of a thousand points fail
   */
  Storm(long seed, int perMille, List<SQLException> conflicts) {
    this.random = new Random(seed);
    this.perMille = perMille;
    this.conflicts = conflicts;
  }

  FaultyDataSource.Script on(FaultyDataSource database) {
    return (point, sql, connection) -> {
      if (dice(1_000) < perMille) {
        throw switch (point) {
          case CONNECT -> new SQLTransientConnectionException("the pool is empty");
          case STATEMENT -> beforeTheEnd(database, connection);
          case ANSWER ->
              connection.getAutoCommit()
                  ? database.lose(connection)
                  : beforeTheEnd(database, connection);
          case COMMIT -> dice(2) == 0 ? conflict() : database.lose(connection);
          case COMMITTED -> database.lose(connection);
        };
      }
    };
  }

  private SQLException beforeTheEnd(FaultyDataSource database, Connection connection)
      throws SQLException {
    return switch (dice(3)) {
      case 0 -> conflict();
      case 1 -> new SQLException("no memory", "53200");
      default -> database.lose(connection);
    };
  }

  private SQLException conflict() {
    return conflicts.get(dice(conflicts.size()));
  }

  private synchronized int dice(int sides) {
    return random.nextInt(sides);
  }

  /** Stores jobs as a caller does who knows what the codes promise. */
  static void enqueue(JobClient client, Queue observer, int chunks, int chunk) {
    List<JobRequest<String>> requests = Collections.nCopies(chunk, Jobs.TYPE.request("x"));
    for (int stored = 0; stored < chunks; ) {
      try {
        client.enqueueAll(requests);
        stored++;
      } catch (DatabaseException e) {
        if (e.code().equals(DatabaseException.IN_DOUBT)) {
          stored = (int) total(observer) / chunk;
        }
      }
    }
  }

  private static long total(Queue observer) {
    return observer.counts().values().stream().mapToLong(count -> count).sum();
  }
}
