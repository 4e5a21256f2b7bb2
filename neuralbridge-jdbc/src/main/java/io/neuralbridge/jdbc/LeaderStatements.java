package io.neuralbridge.jdbc;

import io.neuralbridge.queue.Term;
import java.time.Duration;
import java.util.Optional;

/** Leases on duties: one row a duty, by the database's clock. */
final class LeaderStatements {

  private static final String RENEW =
      """
      UPDATE nb_leader SET expires_at = <later>
      WHERE duty = :duty AND node_id = :node AND expires_at > <now>
      """;

  private static final String TAKE =
      """
      UPDATE nb_leader SET node_id = :node, term = term + 1, expires_at = <later>
      WHERE duty = :duty AND expires_at <= <now>
      """;

  private static final String BEGIN =
      """
      INSERT INTO nb_leader (duty, node_id, term, expires_at)
      SELECT cast(:duty AS varchar), cast(:node AS bigint), 1, <later>
      WHERE NOT EXISTS (SELECT 1 FROM nb_leader l WHERE l.duty = :duty)
      """;

  private static final String RESIGN =
      """
      UPDATE nb_leader SET expires_at = <now>
      WHERE duty = :duty AND node_id = :node AND term = :term AND expires_at > <now>
      """;

  private static final String CURRENT =
      """
      SELECT duty, node_id, term FROM nb_leader WHERE duty = :duty AND expires_at > <now>
      """;

  private LeaderStatements() {}

  // Two that begin at once collide on the key; the one that loses is made again and finds a leader.
  static Optional<Term> elect(Session session, String duty, long node, Duration timeToLive) {
    for (String sql : new String[] {RENEW, TAKE, BEGIN}) {
      int elected =
          session
              .update(sql)
              .bind("duty", duty)
              .bind("node", node)
              .bind("delay", SqlText.micros(timeToLive))
              .execute();
      if (elected > 0) {
        return current(session, duty);
      }
    }
    return Optional.empty();
  }

  static int resign(Session session, Term term) {
    return session
        .update(RESIGN)
        .bind("duty", term.duty())
        .bind("node", term.node())
        .bind("term", term.number())
        .execute();
  }

  static Optional<Term> current(Session session, String duty) {
    return session
        .query(CURRENT)
        .bind("duty", duty)
        .map(
            (row, context) ->
                new Term(row.getString("duty"), row.getLong("node_id"), row.getLong("term")))
        .findOne();
  }
}
