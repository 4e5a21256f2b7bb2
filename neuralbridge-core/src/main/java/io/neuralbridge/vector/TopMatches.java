package io.neuralbridge.vector;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Keeps the best matches seen so far, at most a number of them; ties go to the smaller id. */
final class TopMatches {
  private static final int FIRST_CAPACITY = 16;
  private static final Comparator<VectorMatch> BEST_FIRST =
      Comparator.comparingDouble((VectorMatch match) -> -match.score())
          .thenComparing(VectorMatch::id);

  private final int limit;
  private final PriorityQueue<VectorMatch> worstFirst;
  private float worst = Float.NEGATIVE_INFINITY;

  TopMatches(int limit) {
    this.limit = limit;
    worstFirst = new PriorityQueue<>(Math.min(limit, FIRST_CAPACITY), BEST_FIRST.reversed());
  }

  boolean wants(String id, float score) {
    if (worstFirst.size() < limit) {
      return true;
    }
    VectorMatch worst = worstFirst.element();
    return score > worst.score() || (score == worst.score() && id.compareTo(worst.id()) < 0);
  }

  /** No score below this one is wanted. */
  float worst() {
    return worst;
  }

  /** Adds a match that is {@link #wants wanted}. */
  void add(VectorMatch match) {
    if (worstFirst.size() == limit) {
      worstFirst.remove();
    }
    worstFirst.add(match);
    if (worstFirst.size() == limit) {
      worst = worstFirst.element().score();
    }
  }

  List<VectorMatch> toList() {
    return worstFirst.stream().sorted(BEST_FIRST).toList();
  }
}
