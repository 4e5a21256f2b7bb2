package io.neuralbridge.jdbc;

import io.neuralbridge.knowledge.Generation;
import io.neuralbridge.knowledge.Generation.State;
import io.neuralbridge.knowledge.GenerationStore.Walk;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Generations; a retired one's state is null. */
final class GenerationStatements {

  private static final String COLUMNS =
      "id, model_id, dimensions, collection, state, paused, created_at, activated_at, retired_at, error";

  private static final String ALL =
      """
      SELECT %s FROM nb_generation ORDER BY id
      """
          .formatted(COLUMNS);

  private static final String FIND =
      """
      SELECT %s FROM nb_generation WHERE state = :state
      """
          .formatted(COLUMNS);

  private static final String NEXT = "SELECT nextval('nb_generation_id')";

  private static final String CREATE =
      """
      INSERT INTO nb_generation (id, model_id, dimensions, collection, state, paused, created_at,
                                 activated_at, walk_after, walk_embedded)
      VALUES (:id, :model, :dimensions, :collection, :state, false, <now>,
              CASE WHEN :active THEN <now> END, :after, :embedded)
      """;

  private static final String LOCK =
      """
      SELECT id FROM nb_generation WHERE state IS NOT NULL ORDER BY id FOR UPDATE
      """;

  private static final String IS_BUILDING =
      """
      SELECT count(*) FROM nb_generation WHERE id = :id AND state = 'building'
      """;

  private static final String RETIRE =
      """
      UPDATE nb_generation SET state = NULL, paused = false, retired_at = <now> WHERE state = 'active'
      """;

  private static final String ACTIVATE =
      """
      UPDATE nb_generation
      SET state = 'active', paused = false, activated_at = <now>, error = NULL
      WHERE id = :id AND state = 'building'
      """;

  private static final String REOPEN =
      """
      UPDATE nb_generation
      SET state = 'building', retired_at = NULL, error = NULL,
          walk_after = :after, walk_embedded = :embedded
      WHERE id = :id AND state IS NULL
        AND NOT EXISTS (SELECT 1 FROM nb_generation b WHERE b.state = 'building')
      """;

  private static final String CANCEL =
      """
      UPDATE nb_generation SET state = NULL, paused = false, retired_at = <now>, error = NULL
      WHERE id = :id AND state = 'building'
      """;

  private static final String PAUSE =
      """
      UPDATE nb_generation SET paused = :paused WHERE id = :id AND state = 'building'
      """;

  private static final String SET_ERROR =
      """
      UPDATE nb_generation SET error = :error WHERE id = :id
      """;

  private static final String WALK =
      """
      SELECT walk_after, walk_embedded FROM nb_generation WHERE id = :id
      """;

  private static final String SAVE_WALK =
      """
      UPDATE nb_generation SET walk_after = :after, walk_embedded = :embedded WHERE id = :id
      """;

  private static final String FORGET =
      """
      DELETE FROM nb_generation
      WHERE id = :id AND state IS NULL
        AND NOT EXISTS (SELECT 1 FROM nb_embedding e WHERE e.generation = :id)
      """;

  private GenerationStatements() {}

  static List<Generation> all(Session session) {
    return session.query(ALL).map((row, context) -> generation(row)).list();
  }

  static Optional<Generation> find(Session session, State state) {
    return session
        .query(FIND)
        .bind("state", name(state))
        .map((row, context) -> generation(row))
        .findOne();
  }

  static Generation create(Session session, State state, String modelId, int dimensions) {
    long id = session.query(NEXT).mapTo(Long.class).one();
    session
        .update(CREATE)
        .bind("id", id)
        .bind("model", modelId)
        .bind("dimensions", dimensions)
        .bind("collection", Generation.collectionOf(id))
        .bind("state", name(state))
        .bind("active", state == State.ACTIVE)
        .bind("after", "")
        .bind("embedded", -1)
        .execute();
    return find(session, state).orElseThrow();
  }

  // Locked before they are looked at: of two that switch, the second sees what the first did.
  static boolean activate(Session session, long id) {
    session.query(LOCK).mapTo(Long.class).list();
    if (session.query(IS_BUILDING).bind("id", id).mapTo(Long.class).one() == 0) {
      return false;
    }
    session.update(RETIRE).execute();
    return session.update(ACTIVATE).bind("id", id).execute() > 0;
  }

  static boolean reopen(Session session, long id) {
    return session.update(REOPEN).bind("id", id).bind("after", "").bind("embedded", -1).execute()
        > 0;
  }

  static boolean cancel(Session session, long id) {
    return session.update(CANCEL).bind("id", id).execute() > 0;
  }

  static boolean setPaused(Session session, long id, boolean paused) {
    return session.update(PAUSE).bind("id", id).bind("paused", paused).execute() > 0;
  }

  static int setError(Session session, long id, @Nullable String error) {
    return session
        .update(SET_ERROR)
        .bind("id", id)
        .bind("error", SqlText.cleanOrNull(error))
        .execute();
  }

  static Optional<Walk> walk(Session session, long id) {
    return session
        .query(WALK)
        .bind("id", id)
        .map((row, context) -> new Walk(row.getString("walk_after"), row.getLong("walk_embedded")))
        .findOne();
  }

  static int saveWalk(Session session, long id, Walk walk) {
    return session
        .update(SAVE_WALK)
        .bind("id", id)
        .bind("after", walk.after())
        .bind("embedded", walk.embeddedBefore())
        .execute();
  }

  static boolean forget(Session session, long id) {
    return session.update(FORGET).bind("id", id).execute() > 0;
  }

  private static String name(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static State state(@Nullable String name) {
    return name == null ? State.RETIRED : State.valueOf(name.toUpperCase(Locale.ROOT));
  }

  private static Generation generation(ResultSet row) throws SQLException {
    return new Generation(
        row.getLong("id"),
        row.getString("model_id"),
        row.getInt("dimensions"),
        row.getString("collection"),
        state(row.getString("state")),
        row.getBoolean("paused"),
        JobRows.instant(row, "created_at"),
        JobRows.instantOrNull(row, "activated_at"),
        JobRows.instantOrNull(row, "retired_at"),
        row.getString("error"));
  }
}
