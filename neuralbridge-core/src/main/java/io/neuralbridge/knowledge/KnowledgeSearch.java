package io.neuralbridge.knowledge;

import io.neuralbridge.vector.VectorFilter;
import io.neuralbridge.vector.VectorMatch;
import io.neuralbridge.vector.VectorQuery;
import io.neuralbridge.vector.VectorStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds chunks by the vectors of one generation. */
final class KnowledgeSearch {

  private final KnowledgeStore store;
  private final GenerationModels models;
  private final VectorStore vectors;

  KnowledgeSearch(KnowledgeStore store, GenerationModels models, VectorStore vectors) {
    this.store = store;
    this.models = models;
    this.vectors = vectors;
  }

  List<SearchHit> search(String query, int k, VectorFilter filter) {
    if (query.isBlank()) {
      throw new IllegalArgumentException("the query is blank: ask for something");
    }
    if (k < 1) {
      throw new IllegalArgumentException("k must be at least 1: " + k);
    }
    Optional<Generation> active = store.generations().active();
    return active.isEmpty()
        ? List.of()
        : nearest(active.get(), models.query(active.get(), query), k, filter);
  }

  List<SearchHit> nearest(Generation generation, float[] vector, int k, VectorFilter filter) {
    int wanted = k;
    while (true) {
      List<VectorMatch> matches =
          vectors.search(generation.collection(), new VectorQuery(vector, wanted, filter));
      List<SearchHit> hits = hits(matches, k);
      if (hits.size() == k || matches.size() < wanted) {
        return hits;
      }
      wanted *= 2;
    }
  }

  // A vector whose chunk is gone is about to be deleted, or its node died before it could.
  private List<SearchHit> hits(List<VectorMatch> matches, int k) {
    Map<String, Chunk> chunks = store.chunks(matches.stream().map(VectorMatch::id).toList());
    List<SearchHit> hits = new ArrayList<>();
    for (VectorMatch match : matches) {
      Chunk chunk = chunks.get(match.id());
      if (chunk != null && hits.size() < k) {
        hits.add(new SearchHit(chunk, match.score()));
      }
    }
    return hits;
  }
}
