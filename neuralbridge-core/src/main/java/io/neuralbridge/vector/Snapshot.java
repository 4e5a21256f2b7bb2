package io.neuralbridge.vector;

import java.util.List;

/**
 * A collection as it was after one change. Old snapshots stay true while writers go on.
 *
 * @param blocks all full but the last
 * @param usedInLast how much of the last block this change had filled
 * @param live how many records there were
 */
record Snapshot(long change, List<Block> blocks, int usedInLast, int live) {

  Snapshot {
    blocks = List.copyOf(blocks);
  }

  List<VectorMatch> search(VectorQuery query) {
    float[] unit = Vectors.toUnitLength(query.vector());
    TopMatches top = new TopMatches(Math.min(query.k(), Math.max(1, live)));
    float[] scores = new float[blocks.stream().mapToInt(Block::capacity).max().orElse(0)];
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      int used = i + 1 < blocks.size() ? block.capacity() : usedInLast;
      block.score(unit, used, scores);
      select(block, used, scores, query, top);
    }
    return top.toList();
  }

  /** The filter comes last: few records score high enough to be worth asking. */
  private void select(Block block, int used, float[] scores, VectorQuery query, TopMatches top) {
    for (int i = 0; i < used; i++) {
      float score = Math.max(-1, Math.min(1, scores[i]));
      if (score < top.worst() || !block.isLive(i, change)) {
        continue;
      }
      Block.Entry entry = block.entry(i);
      if (top.wants(entry.id(), score) && query.filter().test(entry.metadata())) {
        top.add(new VectorMatch(entry.id(), score, entry.metadata()));
      }
    }
  }
}
