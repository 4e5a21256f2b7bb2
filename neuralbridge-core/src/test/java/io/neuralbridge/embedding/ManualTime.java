package io.neuralbridge.embedding;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** A pipeline's time that stands still until it is moved. Safe for use by many threads. */
public final class ManualTime implements PipelineTime, InstantSource {

  private record Task(long at, Runnable action) {}

  private static final Instant START = Instant.parse("2026-11-24T00:00:00Z");

  private final PriorityQueue<Task> tasks = new PriorityQueue<>(Comparator.comparing(Task::at));
  private long nanos;

  @Override
  public synchronized Instant instant() {
    return START.plusNanos(nanos);
  }

  @Override
  public Instant now() {
    return instant();
  }

  @Override
  public synchronized long nanos() {
    return nanos;
  }

  @Override
  public synchronized void after(Duration delay, Runnable task) {
    tasks.add(new Task(nanos + delay.toNanos(), task));
    notifyAll();
  }

  /** Moves on, and runs what is due by then. */
  public void advance(Duration duration) {
    List<Runnable> due = new ArrayList<>();
    synchronized (this) {
      nanos += duration.toNanos();
      while (!tasks.isEmpty() && tasks.element().at() <= nanos) {
        due.add(tasks.remove().action());
      }
    }
    due.forEach(Runnable::run);
  }

  /** Waits until something waits for a later time, and moves to the first of it. */
  public void advanceToNext() throws InterruptedException {
    Duration ahead;
    synchronized (this) {
      while (tasks.isEmpty()) {
        wait(10_000);
      }
      ahead = Duration.ofNanos(Math.max(0, tasks.element().at() - nanos));
    }
    advance(ahead);
  }

  @Override
  public void close() {}
}
