package io.neuralbridge.vector;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The writers' side of a collection. Nothing that a snapshot shows ever changes: a new version of a
 * record is appended, the old one only gets the number of the change that ended it.
 */
final class VectorCollection {
  private static final int SMALLEST_BLOCK = 16;
  private static final int LARGEST_BLOCK = 2048;

  private final int dimensions;
  private final Map<String, Slot> slots = new HashMap<>();
  private final List<Block> blocks = new ArrayList<>();
  private volatile Snapshot snapshot = new Snapshot(0, List.of(), 0, 0);

  private record Slot(Block block, int index) {}

  VectorCollection(int dimensions) {
    this.dimensions = dimensions;
  }

  int dimensions() {
    return dimensions;
  }

  Snapshot snapshot() {
    return snapshot;
  }

  void upsert(List<VectorRecord> batch) {
    List<float[]> units = batch.stream().map(each -> Vectors.toUnitLength(each.vector())).toList();
    synchronized (this) {
      long change = snapshot.change() + 1;
      for (int i = 0; i < units.size(); i++) {
        VectorRecord record = batch.get(i);
        end(record.id(), change);
        append(new Block.Entry(record.id(), record.metadata()), units.get(i));
      }
      publish(change);
    }
  }

  synchronized int delete(Collection<String> ids) {
    long change = snapshot.change() + 1;
    int deleted = 0;
    for (String id : ids) {
      deleted += end(id, change) ? 1 : 0;
    }
    if (deleted > 0) {
      publish(change);
    }
    return deleted;
  }

  private boolean end(String id, long change) {
    Slot slot = slots.remove(id);
    if (slot == null) {
      return false;
    }
    slot.block().end(slot.index(), change);
    return true;
  }

  private void append(Block.Entry entry, float[] unit) {
    Block tail = tail();
    slots.put(entry.id(), new Slot(tail, tail.append(entry, unit)));
  }

  private Block tail() {
    Block last = blocks.isEmpty() ? null : blocks.get(blocks.size() - 1);
    if (last != null && !last.isFull()) {
      return last;
    }
    // Small collections stay small; large ones get blocks that are worth scanning.
    int capacity = Math.max(SMALLEST_BLOCK, Math.min(LARGEST_BLOCK, slots.size()));
    Block next = new Block(capacity, dimensions);
    blocks.add(next);
    return next;
  }

  private void publish(long change) {
    compact(change);
    int usedInTail = blocks.isEmpty() ? 0 : blocks.get(blocks.size() - 1).used();
    snapshot = new Snapshot(change, blocks, usedInTail, slots.size());
  }

  private void compact(long change) {
    List<Block> sparse = blocks.stream().filter(Block::isSparse).toList();
    blocks.removeAll(sparse);
    sparse.forEach(block -> block.moveTo(this::append, change));
  }
}
