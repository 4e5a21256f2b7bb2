package io.neuralbridge.jdbc;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.statement.PreparedBatch;

/** What changes the ledger; each for many chunks at once, sorted, so that none wait in a circle. */
final class LedgerStatements {

  private static final String IS_LIVE =
      """
      SELECT count(*) FROM nb_generation WHERE id = :generation AND state IS NOT NULL
      """;

  private static final String BEGIN_AGAIN =
      """
      UPDATE nb_embedding
      SET status = 'in_progress', attempts = attempts + 1, tokens = 0, error = NULL,
          embedded_at = NULL
      WHERE chunk_id = ANY(:ids) AND generation = :generation
      """;

  private static final String BEGIN =
      """
      INSERT INTO nb_embedding (chunk_id, generation, status, tokens, attempts)
      SELECT c.id, :generation, 'in_progress', 0, 1
      FROM nb_chunk c
      WHERE c.id = ANY(:ids)
        AND NOT EXISTS (
          SELECT 1 FROM nb_embedding e WHERE e.chunk_id = c.id AND e.generation = :generation)
      ORDER BY c.id
      """;

  private static final String MARK_FAILED =
      """
      UPDATE nb_embedding SET status = 'failed', error = :error
      WHERE chunk_id = :id AND generation = :generation AND status <> 'embedded'
      """;

  private static final String FORGET =
      """
      DELETE FROM nb_embedding WHERE chunk_id = ANY(:ids) AND generation = :generation
      """;

  private static final String SOME =
      """
      SELECT e.chunk_id
      FROM nb_embedding e JOIN nb_generation g ON g.id = e.generation
      WHERE e.chunk_id > :after AND e.generation = :generation AND g.state IS NULL
      ORDER BY e.chunk_id, e.generation
      LIMIT :limit
      """;

  private LedgerStatements() {}

  static boolean begin(Session session, long generation, Collection<String> chunkIds) {
    if (session.query(IS_LIVE).bind("generation", generation).mapTo(Long.class).one() == 0) {
      return false;
    }
    List<String> ids = chunkIds.stream().sorted().toList();
    int again =
        session
            .update(BEGIN_AGAIN)
            .bindArray("ids", String.class, ids)
            .bind("generation", generation)
            .execute();
    if (again < ids.size()) {
      session
          .update(BEGIN)
          .bindArray("ids", String.class, ids)
          .bind("generation", generation)
          .execute();
    }
    return true;
  }

  static int markFailed(Session session, long generation, Map<String, String> errors) {
    PreparedBatch batch = session.batch(MARK_FAILED);
    errors.keySet().stream()
        .sorted()
        .forEach(
            id ->
                batch
                    .bind("id", id)
                    .bind("generation", generation)
                    .bind("error", SqlText.clean(errors.getOrDefault(id, "")))
                    .add());
    return batch.size() == 0 ? 0 : batch.execute().length;
  }

  static int forget(Session session, long generation, Collection<String> ids) {
    return session
        .update(FORGET)
        .bindArray("ids", String.class, ids)
        .bind("generation", generation)
        .execute();
  }

  /** Returns the last chunk. */
  static Optional<String> forgetSome(Session session, long generation, String after, int limit) {
    List<String> ids =
        session
            .query(SOME)
            .bind("generation", generation)
            .bind("after", after)
            .bind("limit", limit)
            .mapTo(String.class)
            .list();
    if (ids.isEmpty()) {
      return Optional.empty();
    }
    forget(session, generation, ids);
    return Optional.of(ids.get(ids.size() - 1));
  }
}
