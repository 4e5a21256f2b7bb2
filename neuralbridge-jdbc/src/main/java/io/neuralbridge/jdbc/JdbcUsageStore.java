package io.neuralbridge.jdbc;

import io.neuralbridge.cost.Usage;
import io.neuralbridge.cost.UsageFilter;
import io.neuralbridge.cost.UsageKey;
import io.neuralbridge.cost.UsageStore;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/** A {@link UsageStore} in a database. */
final class JdbcUsageStore implements UsageStore {

  private final Database database;

  JdbcUsageStore(Database database) {
    this.database = database;
  }

  @Override
  public void add(Map<UsageKey, Usage> usage) {
    if (!usage.isEmpty()) {
      database.run(session -> UsageStatements.add(session, usage));
    }
  }

  @Override
  public Usage total(UsageFilter filter) {
    return database.runRepeatable(session -> UsageStatements.total(session, filter));
  }

  @Override
  public List<UsageShare> totals(UsageFilter filter, Dimension by, int limit) {
    return database.runRepeatable(session -> UsageStatements.totals(session, filter, by, limit));
  }

  @Override
  public int forgetBefore(LocalDate day, int limit) {
    return database.run(session -> UsageStatements.forgetBefore(session, day, limit));
  }
}
