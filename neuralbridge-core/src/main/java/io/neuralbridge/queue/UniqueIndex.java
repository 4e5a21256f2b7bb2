package io.neuralbridge.queue;

import io.neuralbridge.job.NewJob;
import io.neuralbridge.job.Unique;
import io.neuralbridge.job.UniqueKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who holds which unique key in memory. Nobody lets go of a key: whoever wants it asks whether its
 * holder still is in scope. Guarded by its queue's lock.
 */
final class UniqueIndex {

  private final Map<String, Entry> holders = new HashMap<>();

  /** The job that stands in the way of a new one, or null. */
  @Nullable Entry holder(@Nullable UniqueKey key, Instant now) {
    Entry holder = key == null ? null : holders.get(key.value());
    return holder != null && holds(holder, now) ? holder : null;
  }

  private static boolean holds(Entry entry, Instant now) {
    UniqueKey key = entry.unique;
    return key != null && isLasting(entry, key, now) && key.scope().covers(entry.state(now));
  }

  private static boolean isLasting(Entry entry, UniqueKey key, Instant now) {
    return key.period() == null || now.isBefore(entry.createdAt.plus(key.period()));
  }

  void take(Entry entry) {
    if (entry.unique != null) {
      holders.put(entry.unique.value(), entry);
    }
  }

  /** Gives a final job its key again; false if another one has it. */
  boolean retake(Entry entry, Instant now) {
    UniqueKey key = entry.unique;
    if (key == null || !isLasting(entry, key, now)) {
      return true;
    }
    Entry holder = holder(key, now);
    if (holder != null && holder != entry) {
      return false;
    }
    take(entry);
    return true;
  }

  /** The job is deleted. */
  void forget(Entry entry) {
    if (entry.unique != null) {
      holders.remove(entry.unique.value(), entry);
    }
  }

  /** What an existing job that waits takes over; it must not stand in a line meanwhile. */
  static void replace(Entry existing, NewJob job, UniqueKey key, Instant now) {
    existing.spec = key.replace(existing.spec, job.spec(), existing.attempt);
    if (key.replaces(Unique.Field.RUN_AT)) {
      existing.runAt = job.dueAt(now);
    }
  }
}
