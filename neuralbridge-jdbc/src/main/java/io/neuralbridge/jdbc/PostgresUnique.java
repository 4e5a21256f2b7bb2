package io.neuralbridge.jdbc;

import io.neuralbridge.job.NewJob;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Unique keys in PostgreSQL's words. */
final class PostgresUnique {

  private static final String DRAW_IDS =
      """
      SELECT nextval(pg_get_serial_sequence('nb_job', 'id')) AS id
      FROM generate_series(1, :count)
      ORDER BY id
      """;

  // Waits for transactions that have inserted a key and not ended. A row that stays as it is gets
  // locked nevertheless, so its job cannot be deleted, nor the key change hands, until we are done.
  // In the order of the keys, so that batches that meet do not wait for each other in a circle.
  private static final String TAKE_KEYS =
      """
      INSERT INTO nb_job_unique AS u (unique_key, job_id, unique_while, expires_at)
      SELECT w.key, w.id, w.scope,
             coalesce(w.until, <now> + w.period * interval '1 microsecond')
      FROM unnest(
             cast(:keys AS text[]), cast(:ids AS bigint[]), cast(:scopes AS smallint[]),
             cast(:periods AS bigint[]), cast(:untils AS timestamptz[]))
           AS w(key, id, scope, period, until)
      ORDER BY w.key COLLATE "C"
      ON CONFLICT (unique_key) DO UPDATE
      SET job_id = excluded.job_id, unique_while = excluded.unique_while,
          expires_at = excluded.expires_at
      WHERE u.expires_at <= <now> OR u.job_id = excluded.job_id
      RETURNING u.unique_key
      """;

  private PostgresUnique() {}

  static List<Long> drawIds(Session session, int count) {
    return session.query(DRAW_IDS).bind("count", count).mapTo(Long.class).list();
  }

  static Set<String> takeKeys(Session session, List<KeyWish> wishes) {
    return new PostgresDialect.Arrays<>(session.query(TAKE_KEYS), wishes)
        .texts("keys", KeyWish::key)
        .longs("ids", KeyWish::jobId)
        .ints("scopes", KeyWish::scope)
        .longs("periods", KeyWish::period)
        .texts("untils", KeyWish::until)
        .statement()
        .mapTo(String.class)
        .set();
  }

  /** What an insertion of jobs says more if some of them have a key. */
  static Query columns(Query insert, List<NewJob> jobs, @Nullable List<Long> ids) {
    if (ids == null) {
      return insert
          .define("unique", "")
          .define("uniqueValues", "")
          .define("uniqueArrays", "")
          .define("uniqueNames", "");
    }
    insert
        .define("unique", "id, unique_key, unique_while, unique_until, ")
        .define(
            "uniqueValues",
            "v.id, v.unique_key, v.unique_while, "
                + Session.NOW
                + " + v.period * interval '1 microsecond', ")
        .define(
            "uniqueArrays",
            ", cast(:ids AS bigint[]), cast(:uniqueKeys AS text[]),"
                + " cast(:scopes AS smallint[]), cast(:periods AS bigint[])")
        .define("uniqueNames", ", id, unique_key, unique_while, period");
    return new PostgresDialect.Arrays<>(insert, jobs)
        .texts("uniqueKeys", KeyWish::value)
        .ints("scopes", PostgresUnique::scope)
        .longs("periods", PostgresUnique::period)
        .statement()
        .bindArray("ids", Long.class, ids);
  }

  private static @Nullable Integer scope(NewJob job) {
    return job.unique() == null ? null : KeyWish.stored(job.unique().scope());
  }

  private static @Nullable Long period(NewJob job) {
    return job.unique() == null ? null : KeyWish.micros(job.unique());
  }
}
