package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.neuralbridge.embedding.StubCall;
import io.neuralbridge.embedding.StubEmbeddingServer;
import io.neuralbridge.knowledge.EmbeddingLedger;
import io.neuralbridge.knowledge.Generation;
import io.neuralbridge.knowledge.KnowledgeStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/**
 * Judges what was embedded by the provider's own log and by what stands in the tables. One instance
 * judges one generation.
 */
final class EmbeddingJudge {

  /**
   * A kill.
   *
   * @param call the last call that the provider had got
   * @param embedded the texts that were noted as embedded
   */
  private record Kill(int call, Set<String> embedded) {}

  private static final String TEXTS =
      """
      SELECT chunk_id, body FROM nb_chunk_text
      """;

  private static final String VECTORS =
      """
      SELECT v.id FROM nb_vector v JOIN nb_vector_collection c ON c.id = v.collection_id
      WHERE c.name = :collection AND v.vector IS NOT NULL
      """;

  private final KnowledgeStore store;
  private final StubEmbeddingServer provider;
  private final Jdbi jdbi;
  private final int firstCall;
  private final Map<String, String> texts;
  private final List<Kill> kills = new ArrayList<>();

  EmbeddingJudge(KnowledgeStore store, StubEmbeddingServer provider, HikariDataSource pool) {
    this.store = store;
    this.provider = provider;
    this.jdbi = Jdbi.create(pool);
    this.firstCall = provider.log().size() + 1;
    this.texts =
        jdbi.withHandle(
            db -> {
              Map<String, String> all = new HashMap<>();
              db.createQuery(TEXTS)
                  .map((row, context) -> all.put(row.getString("chunk_id"), row.getString("body")))
                  .list();
              return all;
            });
  }

  int chunks() {
    return texts.size();
  }

  /** How many chunks a generation has. */
  long embedded(long generation) {
    return store.ledger().stats(generation).embedded();
  }

  /** Notes a kill, when nothing that the node began is under way any more. */
  void killed(long generation) {
    EmbeddingLedger ledger = store.ledger();
    Set<String> embedded = new HashSet<>();
    List<String> ids = List.copyOf(texts.keySet());
    for (int from = 0; from < ids.size(); from += 1_000) {
      List<String> some = ids.subList(from, Math.min(ids.size(), from + 1_000));
      ledger.embedded(generation, some).forEach(id -> embedded.add(texts.get(id)));
    }
    kills.add(new Kill(provider.log().size(), embedded));
  }

  void judge(Generation generation, String seed) {
    assertThat(generation.state()).as(seed).isEqualTo(Generation.State.ACTIVE);
    List<String> vectors = vectors(generation);
    assertThat(vectors).as("%s: vectors", seed).hasSize(texts.size());
    assertThat(new HashSet<>(vectors).equals(texts.keySet()))
        .as("%s: each chunk has one vector, and no vector is left without a chunk", seed)
        .isTrue();
    judgeCalls(seed);
  }

  // What is noted is never paid for again; so all that is paid for twice was in flight at a kill.
  private void judgeCalls(String seed) {
    Map<String, Integer> paid = new HashMap<>();
    int inFlight = 0;
    for (Kill kill : kills) {
      inFlight += inFlightAt(kill);
      for (StubCall call : paidCalls()) {
        if (call.number() > kill.call()) {
          assertThat(call.texts().stream().filter(kill.embedded()::contains))
              .as("%s: texts that were embedded before the kill after call %d", seed, kill.call())
              .isEmpty();
        }
      }
    }
    paidCalls().forEach(call -> call.texts().forEach(text -> paid.merge(text, 1, Integer::sum)));
    assertThat(paid.keySet().equals(Set.copyOf(texts.values())))
        .as("%s: the provider got the texts of all chunks and no others", seed)
        .isTrue();
    int extra = paid.values().stream().mapToInt(times -> times - 1).sum();
    assertThat(extra).as("%s: texts that were paid for again", seed).isLessThanOrEqualTo(inFlight);
  }

  private int inFlightAt(Kill kill) {
    Set<String> sent = new HashSet<>();
    for (StubCall call : paidCalls()) {
      if (call.number() <= kill.call()) {
        sent.addAll(call.texts());
      }
    }
    sent.removeAll(kill.embedded());
    return sent.size();
  }

  private List<StubCall> paidCalls() {
    return provider.log().stream()
        .filter(call -> call.number() >= firstCall && call.succeeded())
        .filter(call -> !call.texts().get(0).startsWith(EmbeddingNode.QUERY))
        .toList();
  }

  private List<String> vectors(Generation generation) {
    return jdbi.withHandle(
        db ->
            db.createQuery(VECTORS)
                .bind("collection", generation.collection())
                .mapTo(String.class)
                .list());
  }
}
