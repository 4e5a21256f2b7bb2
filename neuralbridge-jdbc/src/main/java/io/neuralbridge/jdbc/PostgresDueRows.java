package io.neuralbridge.jdbc;

import io.neuralbridge.queue.Candidate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The due jobs of one queue on PostgreSQL. */
final class PostgresDueRows extends DueRows {

  // One probe of the index a key.
  static final String OF_KEYS =
      """
      SELECT due.*
      FROM unnest(cast(:keys AS text[]), cast(:limits AS integer[])) AS k(limit_key, most)
      CROSS JOIN LATERAL (
        SELECT j.id, j.limit_key, j.weight, j.run_at FROM nb_job j
        WHERE j.state = 0 AND j.limit_key IS NOT NULL AND j.queue = :queue
          AND j.priority = :priority AND j.limit_key = k.limit_key COLLATE "C"
          AND j.run_at <= <now>
        ORDER BY j.run_at, j.id
        LIMIT k.most) due
      """;

  // Jumps from key to key: as many probes of the index as there are keys to look at, however many
  // jobs each has.
  static final String KEYS_AFTER =
      """
      WITH RECURSIVE keys(limit_key, run_at, n) AS (
        (SELECT j.limit_key, j.run_at, 1 FROM nb_job j
         WHERE j.state = 0 AND j.limit_key IS NOT NULL AND j.queue = :queue
           AND j.priority = :priority AND j.limit_key > :after
         ORDER BY j.limit_key, j.run_at, j.id
         LIMIT 1)
        UNION ALL
        SELECT next.limit_key, next.run_at, keys.n + 1
        FROM keys
        CROSS JOIN LATERAL (
          SELECT j.limit_key, j.run_at FROM nb_job j
          WHERE j.state = 0 AND j.limit_key IS NOT NULL AND j.queue = :queue
            AND j.priority = :priority AND j.limit_key > keys.limit_key
          ORDER BY j.limit_key, j.run_at, j.id
          LIMIT 1) next
        WHERE keys.n < :limit)
      SELECT limit_key, run_at <= <now> AS due FROM keys ORDER BY n
      """;

  private record Key(String name, boolean due) {}

  PostgresDueRows(Session session, String queue) {
    super(session, queue);
  }

  @Override
  public List<Candidate> ofKeys(int priority, Map<String, Integer> limits) {
    return candidates(
        query(OF_KEYS, priority)
            .bindArray("keys", String.class, limits.keySet())
            .bindArray("limits", Integer.class, limits.values()));
  }

  @Override
  public Keys keysAfter(int priority, String after, int limit) {
    List<Key> keys =
        query(KEYS_AFTER, priority)
            .bind("after", after)
            .bind("limit", limit)
            .map((row, context) -> new Key(row.getString("limit_key"), row.getBoolean("due")))
            .list();
    @Nullable String last = keys.size() < limit ? null : keys.get(keys.size() - 1).name();
    return new Keys(keys.stream().filter(Key::due).map(Key::name).toList(), last);
  }
}
