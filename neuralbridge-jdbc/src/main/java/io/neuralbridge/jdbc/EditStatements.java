package io.neuralbridge.jdbc;

import io.neuralbridge.job.JobEdit;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Deletes and changes jobs that nobody runs. */
final class EditStatements {

  private static final String LOCK_WAITING =
      """
      SELECT id FROM nb_job WHERE id = ANY(cast(:ids AS bigint array)) AND state <> 1
      ORDER BY id FOR UPDATE
      """;

  private static final String LOCK_ENDED =
      """
      SELECT id FROM nb_job_history WHERE id = ANY(cast(:ids AS bigint array))
      ORDER BY id FOR UPDATE
      """;

  private static final String DELETE_WAITING =
      """
      DELETE FROM nb_job WHERE id = ANY(cast(:ids AS bigint array))
      """;

  private static final String DELETE_ENDED =
      """
      DELETE FROM nb_job_history WHERE id = ANY(cast(:ids AS bigint array))
      """;

  private static final String CHANGES =
      """
      SET queue = coalesce(cast(:queue AS varchar), queue),
          priority = coalesce(cast(:priority AS smallint), priority),
          max_attempts = coalesce(cast(:maxAttempts AS smallint), max_attempts),
          run_at = coalesce(cast(:runAt AS timestamp(6) with time zone), run_at),
          tags = coalesce(cast(:tags AS varchar), tags),
          meta = CASE WHEN cast(:editsMeta AS boolean) THEN cast(:meta AS varchar) ELSE meta END,
          args = CASE WHEN cast(:editsArgs AS boolean) THEN cast(:args AS varchar) ELSE args END
      WHERE id = ANY(cast(:ids AS bigint array))
      """;

  private static final String EDIT_WAITING = "UPDATE nb_job " + CHANGES;

  private static final String EDIT_ENDED = "UPDATE nb_job_history " + CHANGES;

  private static final String DELETE_ARGS =
      """
      DELETE FROM nb_job_args WHERE job_id = ANY(cast(:ids AS bigint array))
      """;

  private EditStatements() {}

  static Set<Long> delete(Session session, Collection<Long> ids) {
    List<Long> waiting = lock(session, LOCK_WAITING, ids);
    List<Long> ended = lock(session, LOCK_ENDED, ids);
    Set<Long> deleted = new LinkedHashSet<>(waiting);
    deleted.addAll(ended);
    if (!deleted.isEmpty()) {
      UniqueStatements.release(session, deleted);
      FlowStatements.tell(session, deleted);
      LinkStatements.forgetCompleted(session, ended);
      ChainStatements.handOn(session, deleted);
      session.update(DELETE_WAITING).bindArray("ids", Long.class, waiting).execute();
      session.update(DELETE_ENDED).bindArray("ids", Long.class, ended).execute();
      Beside.delete(session, deleted);
    }
    return deleted;
  }

  static Set<Long> edit(Session session, Dialect dialect, Collection<Long> ids, JobEdit edit) {
    Set<Long> edited = new LinkedHashSet<>(edit(session, ids, edit, LOCK_WAITING, EDIT_WAITING));
    edited.addAll(edit(session, ids, edit, LOCK_ENDED, EDIT_ENDED));
    String args = edit.args();
    if (args != null && !edited.isEmpty()) {
      replaceLargeArgs(session, dialect, List.copyOf(edited), args);
    }
    return edited;
  }

  private static List<Long> edit(
      Session session, Collection<Long> ids, JobEdit edit, String lock, String update) {
    List<Long> found = lock(session, lock, ids);
    if (!found.isEmpty()) {
      String args = edit.args();
      session
          .update(update)
          .bindArray("ids", Long.class, found)
          .bind("queue", edit.queue())
          .bind("priority", edit.priority())
          .bind("maxAttempts", edit.maxAttempts())
          .bind("runAt", SqlText.instantOrNull(edit.runAt()))
          .bind("tags", edit.tags() == null ? null : SqlText.tags(edit.tags()))
          .bind("editsMeta", edit.meta() != null)
          .bind("meta", edit.meta() == null ? null : SqlText.meta(edit.meta()))
          .bind("editsArgs", args != null)
          .bind("args", args == null ? null : JobArgs.inline(args))
          .execute();
    }
    return found;
  }

  private static void replaceLargeArgs(
      Session session, Dialect dialect, List<Long> ids, String args) {
    session.update(DELETE_ARGS).bindArray("ids", Long.class, ids).execute();
    if (JobArgs.isLarge(args)) {
      dialect.insertArgs(session, ids, Collections.nCopies(ids.size(), SqlText.clean(args)));
    }
  }

  private static List<Long> lock(Session session, String sql, Collection<Long> ids) {
    return session
        .query(sql)
        .bindArray("ids", Long.class, new TreeSet<>(ids))
        .mapTo(Long.class)
        .list();
  }
}
