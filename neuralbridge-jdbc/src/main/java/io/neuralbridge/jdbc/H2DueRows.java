package io.neuralbridge.jdbc;

import io.neuralbridge.queue.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The due jobs of one queue on H2, where round trips cost nothing. */
final class H2DueRows extends DueRows {

  private static final String OF_KEY =
      """
      SELECT j.id, j.limit_key, j.weight, j.run_at FROM nb_job j
      WHERE j.state = 0 AND j.queue = :queue AND j.priority = :priority AND j.limit_key = :key
        AND j.run_at <= <now>
      ORDER BY j.state, j.queue, j.priority, j.limit_key, j.run_at, j.id
      LIMIT :limit
      """;

  private static final String KEY_AFTER =
      """
      SELECT j.limit_key, j.run_at <= <now> AS due FROM nb_job j
      WHERE j.state = 0 AND j.queue = :queue AND j.priority = :priority AND j.limit_key > :after
      ORDER BY j.state, j.queue, j.priority, j.limit_key, j.run_at, j.id
      LIMIT 1
      """;

  private record Key(String name, boolean due) {}

  H2DueRows(Session session, String queue) {
    super(session, queue);
  }

  @Override
  public List<Candidate> ofKeys(int priority, Map<String, Integer> limits) {
    List<Candidate> jobs = new ArrayList<>();
    limits.forEach(
        (key, limit) ->
            jobs.addAll(candidates(query(OF_KEY, priority).bind("key", key).bind("limit", limit))));
    return jobs;
  }

  @Override
  public Keys keysAfter(int priority, String after, int limit) {
    List<String> due = new ArrayList<>();
    String last = after;
    for (int looks = 0; looks < limit; looks++) {
      Optional<Key> next = next(priority, last);
      if (next.isEmpty()) {
        return new Keys(due, null);
      }
      last = next.get().name();
      if (next.get().due()) {
        due.add(last);
      }
    }
    return new Keys(due, last);
  }

  private Optional<Key> next(int priority, String after) {
    return query(KEY_AFTER, priority)
        .bind("after", after)
        .map((row, context) -> new Key(row.getString("limit_key"), row.getBoolean("due")))
        .findOne();
  }
}
