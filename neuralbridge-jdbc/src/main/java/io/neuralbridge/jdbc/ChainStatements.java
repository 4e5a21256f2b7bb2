package io.neuralbridge.jdbc;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The last job of each chain. How a chain is locked is the dialect's affair. */
final class ChainStatements {

  private static final String MOVE_TAIL =
      """
      UPDATE nb_chain SET tail_id = :tail WHERE chain_key = :key
      """;

  private static final String FORGET =
      """
      DELETE FROM nb_chain WHERE tail_id = ANY(cast(:ids AS bigint array))
      """;

  private ChainStatements() {}

  /** Locks chains until the transaction ends; returns the last job of those that have one. */
  static Map<String, Long> lock(Session session, Dialect dialect, Collection<String> keys) {
    Map<String, Long> tails = new TreeMap<>();
    if (!keys.isEmpty()) {
      dialect.lockChains(session, List.copyOf(keys)).forEach(tails::put);
      tails.values().removeIf(tail -> tail == 0);
    }
    return tails;
  }

  static void moveTails(Session session, Map<String, Long> tails) {
    if (!tails.isEmpty()) {
      PreparedBatch batch = session.batch(MOVE_TAIL);
      tails.forEach((key, tail) -> batch.bind("key", key).bind("tail", tail).add());
      batch.execute();
    }
  }

  /** Jobs are gone: a chain that ended with one of them begins anew. */
  static void forget(Session session, Collection<Long> gone) {
    session.update(FORGET).bindArray("ids", Long.class, gone).execute();
  }
}
