package io.neuralbridge.queue;

import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.NewJob;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The jobs in memory: the live ones, of which some stand in line, and the final ones, the first to
 * end first. Guarded by its queue's lock.
 */
final class MemoryTable implements MemoryJobs {

  private static final int MAX_FINAL_JOBS = 10_000;

  final UniqueIndex uniques = new UniqueIndex();
  final MemoryTies ties = new MemoryTies(this);
  private final InstantSource clock;
  private final Map<Long, Entry> live = new HashMap<>();
  private final Map<Long, Entry> ended = new LinkedHashMap<>();
  private final Map<String, WaitingLine> waiting = new HashMap<>();
  private final Set<Entry> executing = new HashSet<>();
  private long lastId;

  MemoryTable(InstantSource clock) {
    this.clock = clock;
  }

  Collection<Entry> live() {
    return live.values();
  }

  Collection<Entry> ended() {
    return ended.values();
  }

  @Override
  public @Nullable Entry live(long id) {
    return live.get(id);
  }

  @Override
  public @Nullable Entry ended(long id) {
    return ended.get(id);
  }

  /** A job, live or final. */
  Optional<Entry> find(long id) {
    Entry entry = live.get(id);
    return Optional.ofNullable(entry == null ? ended.get(id) : entry);
  }

  WaitingLine line(String queue) {
    return waiting.computeIfAbsent(queue, name -> new WaitingLine());
  }

  /** Takes a job out of its line; {@code false} if it does not stand there. */
  boolean takeOut(Entry entry) {
    return line(entry.spec.queue()).remove(entry);
  }

  /** Lets a job that is not suspended stand in line. */
  void lineUp(Entry entry) {
    if (!entry.suspended) {
      line(entry.spec.queue()).add(entry);
    }
  }

  /** The jobs that run; those of nodes that are gone run until they are rescued. */
  Stream<Entry> executing() {
    executing.removeIf(entry -> !entry.executing);
    return executing.stream();
  }

  Entry insert(NewJob job, boolean suspended, Instant now) {
    Entry entry = new Entry(++lastId, job.spec(), now, job.dueAt(now));
    entry.unique = job.unique();
    entry.suspended = suspended;
    live.put(entry.id, entry);
    lineUp(entry);
    uniques.take(entry);
    return entry;
  }

  void begin(Entry entry, long node, long token) {
    takeOut(entry);
    entry.node = node;
    entry.token = token;
    entry.attempt++;
    entry.executing = true;
    executing.add(entry);
  }

  void await(Entry entry, Instant runAt, boolean refund) {
    entry.executing = false;
    entry.runAt = runAt;
    entry.attempt -= refund ? 1 : 0;
    lineUp(entry);
  }

  void end(Entry entry, JobState state, @Nullable String result, Instant now) {
    takeOut(entry);
    entry.end(state, result, now);
    live.remove(entry.id);
    ended.put(entry.id, entry);
    ties.ended(entry);
    for (int tries = 0; tries < 2 && ended.size() > MAX_FINAL_JOBS; tries++) {
      forgetOldest();
    }
  }

  // One that must be kept goes to the end of the line, or it would be looked at again and again.
  private void forgetOldest() {
    Entry oldest = ended.values().iterator().next();
    if (ties.keeps(oldest)) {
      ended.remove(oldest.id);
      ended.put(oldest.id, oldest);
    } else {
      delete(oldest);
    }
  }

  /** Makes a final job live again, in no line yet. */
  void reopen(Entry entry) {
    JobState before = entry.finalState();
    ended.remove(entry.id);
    entry.reopen();
    live.put(entry.id, entry);
    ties.reopened(entry, before);
  }

  void delete(Entry entry) {
    takeOut(entry);
    live.remove(entry.id);
    ended.remove(entry.id);
    uniques.forget(entry);
    ties.forget(entry);
  }

  @Override
  public void free(Entry entry) {
    entry.suspended = false;
    lineUp(entry);
  }

  @Override
  public void giveUp(Entry entry, JobError reason) {
    entry.addError(reason);
    end(entry, JobState.CANCELLED, null, clock.instant());
  }
}
