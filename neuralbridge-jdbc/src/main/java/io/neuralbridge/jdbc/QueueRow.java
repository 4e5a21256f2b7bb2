package io.neuralbridge.jdbc;

import io.neuralbridge.queue.QueueLimits;
import io.neuralbridge.queue.QueueSettings;
import io.neuralbridge.queue.RateLimit;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code nb_queue}.
 *
 * @param limitsFrom {@link #NOBODY}, {@link #CODE} or {@link #PERSON}
 */
record QueueRow(
    String name,
    QueueSettings settings,
    QueueLimits limits,
    int limitsFrom,
    @Nullable Instant bucketFullAt,
    Map<Integer, String> lastKeys) {

  static final int NOBODY = 0;
  static final int CODE = 1;
  static final int PERSON = 2;

  static QueueRow of(ResultSet row) throws SQLException {
    return new QueueRow(
        row.getString("name"),
        settings(row),
        limits(row),
        row.getInt("limits_from"),
        JobRows.instantOrNull(row, "bucket_full_at"),
        lastKeys(row.getString("last_keys")));
  }

  static QueueSettings settings(ResultSet row) throws SQLException {
    return new QueueSettings(
        row.getObject("paused", Boolean.class),
        row.getObject("started", Boolean.class),
        row.getObject("node_limit", Integer.class),
        row.getObject("node_memory", Long.class));
  }

  private static QueueLimits limits(ResultSet row) throws SQLException {
    Integer permits = row.getObject("rate_permits", Integer.class);
    RateLimit rate =
        permits == null
            ? null
            : new RateLimit(
                permits,
                Duration.of(row.getLong("rate_period"), ChronoUnit.MICROS),
                row.getInt("rate_burst"));
    return new QueueLimits(
        row.getObject("max_running", Integer.class),
        row.getObject("max_running_per_key", Integer.class),
        rate,
        ageing(row));
  }

  static @Nullable Duration ageing(ResultSet row) throws SQLException {
    Long ageing = row.getObject("ageing", Long.class);
    return ageing == null ? null : Duration.of(ageing, ChronoUnit.MICROS);
  }

  static <S extends SqlStatement<S>> S bind(S statement, QueueLimits limits) {
    RateLimit rate = limits.rate();
    return statement
        .bindByType("maxRunning", limits.maxRunning(), Integer.class)
        .bindByType("maxRunningPerKey", limits.maxRunningPerKey(), Integer.class)
        .bindByType("permits", rate == null ? null : rate.permits(), Integer.class)
        .bindByType("period", rate == null ? null : SqlText.micros(rate.period()), Long.class)
        .bindByType("burst", rate == null ? null : rate.burst(), Integer.class)
        .bindByType("ageing", microsOrNull(limits.ageing()), Long.class);
  }

  static @Nullable Long microsOrNull(@Nullable Duration duration) {
    return duration == null ? null : SqlText.micros(duration);
  }

  private static Map<Integer, String> lastKeys(@Nullable String json) {
    Map<Integer, String> keys = new TreeMap<>();
    SqlText.meta(json).forEach((priority, key) -> keys.put(Integer.valueOf(priority), key));
    return keys;
  }

  static @Nullable String text(Map<Integer, String> lastKeys) {
    Map<String, String> keys = new TreeMap<>();
    lastKeys.forEach((priority, key) -> keys.put(priority.toString(), key));
    return SqlText.meta(keys);
  }
}
