package io.neuralbridge.jdbc;

import io.neuralbridge.cost.Usage;
import io.neuralbridge.cost.UsageFilter;
import io.neuralbridge.cost.UsageKey;
import io.neuralbridge.cost.UsageStore.Dimension;
import io.neuralbridge.cost.UsageStore.UsageShare;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/** What was used: one row a day, model, tenant and document. */
final class UsageStatements {

  private static final String ADD =
      """
      UPDATE nb_usage
      SET requests = requests + :requests, tokens = tokens + :tokens, cost = cost + :cost
      WHERE used_on = :day AND model_id = :model AND tenant = :tenant AND document = :document
      """;

  private static final String BEGIN =
      """
      INSERT INTO nb_usage (used_on, model_id, tenant, document, requests, tokens, cost)
      VALUES (:day, :model, :tenant, :document, :requests, :tokens, :cost)
      """;

  private static final String MATCHING =
      """
      FROM nb_usage
      WHERE used_on >= :from AND used_on <= :to
        AND (cast(:model AS varchar) IS NULL OR model_id = :model)
        AND (cast(:tenant AS varchar) IS NULL OR tenant = :tenant)
        AND (cast(:document AS varchar) IS NULL OR document = :document)
      """;

  private static final String SUMS =
      """
      coalesce(sum(requests), 0) AS requests, coalesce(sum(tokens), 0) AS tokens,
      coalesce(sum(cost), 0) AS cost
      """;

  private static final String TOTAL = "SELECT " + SUMS + MATCHING;

  private static final String SHARES =
      "SELECT %1$s AS name, " + SUMS + MATCHING + " GROUP BY %1$s ORDER BY %2$s LIMIT :limit";

  private static final String OLD =
      """
      SELECT used_on, model_id, tenant, document FROM nb_usage
      WHERE used_on < :day
      ORDER BY used_on, model_id, tenant, document
      LIMIT :limit
      """;

  private static final String FORGET =
      """
      DELETE FROM nb_usage
      WHERE used_on = :day AND model_id = :model AND tenant = :tenant AND document = :document
      """;

  private UsageStatements() {}

  // In one order, so that two nodes that add to the same rows wait for each other and do not
  // deadlock. Of two that begin a row at once, the one that loses is made again and finds it.
  static int add(Session session, Map<UsageKey, Usage> usage) {
    List<Map.Entry<UsageKey, Usage>> rows = List.copyOf(new TreeMap<>(usage).entrySet());
    PreparedBatch updates = session.batch(ADD);
    rows.forEach(row -> bind(updates, row));
    int[] updated = updates.execute();
    List<Map.Entry<UsageKey, Usage>> fresh =
        IntStream.range(0, updated.length)
            .filter(i -> updated[i] == 0)
            .mapToObj(rows::get)
            .toList();
    if (!fresh.isEmpty()) {
      PreparedBatch inserts = session.batch(BEGIN);
      fresh.forEach(row -> bind(inserts, row));
      inserts.execute();
    }
    return usage.size();
  }

  private static void bind(PreparedBatch batch, Map.Entry<UsageKey, Usage> row) {
    Usage usage = row.getValue();
    bind(batch, row.getKey())
        .bind("requests", usage.requests())
        .bind("tokens", usage.tokens())
        .bind("cost", usage.cost())
        .add();
  }

  private static PreparedBatch bind(PreparedBatch batch, UsageKey key) {
    return batch
        .bind("day", key.day())
        .bind("model", SqlText.clean(key.model()))
        .bind("tenant", SqlText.clean(key.tenant()))
        .bind("document", SqlText.clean(key.document()));
  }

  static Usage total(Session session, UsageFilter filter) {
    return bind(session.query(TOTAL), filter).map((row, context) -> usage(row)).one();
  }

  static List<UsageShare> totals(Session session, UsageFilter filter, Dimension by, int limit) {
    return bind(session.query(shares(by)), filter)
        .bind("limit", limit)
        .map((row, context) -> new UsageShare(row.getString("name"), usage(row)))
        .list();
  }

  private static String shares(Dimension by) {
    return switch (by) {
      case DAY -> SHARES.formatted("used_on", "used_on DESC");
      case MODEL -> SHARES.formatted("model_id", "cost DESC, tokens DESC, model_id");
      case TENANT -> SHARES.formatted("tenant", "cost DESC, tokens DESC, tenant");
      case DOCUMENT -> SHARES.formatted("document", "cost DESC, tokens DESC, document");
    };
  }

  private static Query bind(Query query, UsageFilter filter) {
    return query
        .bind("from", filter.from())
        .bind("to", filter.to())
        .bind("model", filter.model())
        .bind("tenant", filter.tenant())
        .bind("document", filter.document());
  }

  static int forgetBefore(Session session, LocalDate day, int limit) {
    List<UsageKey> old =
        session
            .query(OLD)
            .bind("day", day)
            .bind("limit", limit)
            .map((row, context) -> key(row))
            .list();
    if (old.isEmpty()) {
      return 0;
    }
    PreparedBatch deletes = session.batch(FORGET);
    old.forEach(key -> bind(deletes, key).add());
    deletes.execute();
    return old.size();
  }

  private static UsageKey key(ResultSet row) throws SQLException {
    return new UsageKey(
        row.getObject("used_on", LocalDate.class),
        row.getString("model_id"),
        row.getString("tenant"),
        row.getString("document"));
  }

  private static Usage usage(ResultSet row) throws SQLException {
    return new Usage(row.getLong("requests"), row.getLong("tokens"), row.getBigDecimal("cost"));
  }
}
