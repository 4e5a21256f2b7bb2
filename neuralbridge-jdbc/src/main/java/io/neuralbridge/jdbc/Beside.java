package io.neuralbridge.jdbc;

import java.util.Collection;
import java.util.List;

/** What stands beside a job's row and goes with it. A new table of that sort needs a line here. */
final class Beside {

  private static final List<String> DELETES =
      List.of(
          "DELETE FROM nb_job_args WHERE job_id = ANY(cast(:ids AS bigint array))",
          "DELETE FROM nb_job_error WHERE job_id = ANY(cast(:ids AS bigint array))");

  private Beside() {}

  /**
   * Deletes what jobs left.
   *
   * @param ids of jobs that are deleted, and whose unique keys are released
   */
  static void delete(Session session, Collection<Long> ids) {
    DELETES.forEach(sql -> session.update(sql).bindArray("ids", Long.class, ids).execute());
    LinkStatements.forget(session, ids);
    ChainStatements.forget(session, ids);
  }
}
