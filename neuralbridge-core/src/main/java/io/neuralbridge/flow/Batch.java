package io.neuralbridge.flow;

import io.neuralbridge.job.Enqueuer;
import io.neuralbridge.job.FlowEvent;
import io.neuralbridge.job.FlowKind;
import io.neuralbridge.job.FlowRef;
import io.neuralbridge.job.JobClient;
import io.neuralbridge.job.JobRequest;
import io.neuralbridge.job.Membership;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Any number of jobs that may run at once, and jobs that run when those have ended:
 *
 * <pre>{@code
 * Batch.named("newsletter")
 *     .addAll(readers.stream().map(MAIL::request))
 *     .onFinished(REPORT.request(day))
 *     .enqueue(client);
 * }</pre>
 *
 * <p>Each callback runs once, as an ordinary job; {@link BatchRun#of} tells it of its batch. One
 * that is not needed is cancelled when the batch has finished. A batch without jobs has completed.
 * Not for use by several threads, and to be enqueued once.
 */
public final class Batch {

  /** How many jobs are stored in one transaction. */
  static final int CHUNK = 1_000;

  private final String name;
  private final Map<FlowEvent, JobRequest<?>> callbacks = new EnumMap<>(FlowEvent.class);
  private Stream<JobRequest<?>> requests = Stream.empty();
  private boolean staysOpen;
  private boolean enqueued;

  private Batch(String name) {
    this.name = FlowRef.Fresh.of(FlowKind.BATCH, name, false).name();
  }

  /**
   * A batch without jobs.
   *
   * @param name for people to read, need not be unique; 1 to 200 characters
   */
  public static Batch named(String name) {
    return new Batch(name);
  }

  public Batch add(JobRequest<?> request) {
    return addAll(Stream.of(request));
  }

  public Batch addAll(Collection<? extends JobRequest<?>> more) {
    return addAll(more.stream());
  }

  /** Adds any number of jobs: the stream is read, and closed, by {@link #enqueue}. */
  public Batch addAll(Stream<? extends JobRequest<?>> more) {
    requests = Stream.concat(requests, more);
    return this;
  }

  /** Runs when all jobs have completed. */
  public Batch onCompleted(JobRequest<?> callback) {
    return on(FlowEvent.COMPLETED, callback);
  }

  /** Runs when the first job was cancelled or discarded; the others may still run. */
  public Batch onFailure(JobRequest<?> callback) {
    return on(FlowEvent.FAILED, callback);
  }

  /** Runs when all jobs are final, however they ended. */
  public Batch onFinished(JobRequest<?> callback) {
    return on(FlowEvent.FINISHED, callback);
  }

  private Batch on(FlowEvent event, JobRequest<?> callback) {
    if (callbacks.putIfAbsent(event, callback) != null) {
      throw new IllegalStateException(
          "batch '%s' has a callback for %s already: let one job do both".formatted(name, event));
    }
    return this;
  }

  /** Lets it wait for more jobs, so that it does not finish before {@link BatchRun#seal}. */
  public Batch open() {
    staysOpen = true;
    return this;
  }

  /**
   * Stores the batch: up to 1,000 jobs in one transaction with their callbacks; more in steps,
   * while the first ones may run already. If a step fails, what was stored is cancelled. If the
   * process dies, the batch stays open until somebody {@linkplain BatchRun#seal seals} or cancels
   * it.
   *
   * @throws IllegalStateException if it was enqueued before
   */
  public BatchRun enqueue(JobClient client) {
    try (Stream<JobRequest<?>> all = takeRequests()) {
      Iterator<JobRequest<?>> left = all.iterator();
      List<JobRequest<?>> first = next(left);
      FlowRef.Fresh flow = FlowRef.Fresh.of(FlowKind.BATCH, name, staysOpen || left.hasNext());
      BatchRun run = start(client, client, flow, first);
      if (left.hasNext()) {
        addTheRest(run, left);
      }
      return run;
    }
  }

  /**
   * Stores the batch as part of a caller's transaction, with all jobs at once; what is returned may
   * be used when that has been committed.
   *
   * @param transaction what {@link JobClient#using} made
   * @throws IllegalStateException if it was enqueued before
   */
  public BatchRun enqueue(JobClient client, Enqueuer transaction) {
    try (Stream<JobRequest<?>> all = takeRequests()) {
      FlowRef.Fresh flow = FlowRef.Fresh.of(FlowKind.BATCH, name, staysOpen);
      return start(client, transaction, flow, all.toList());
    }
  }

  private Stream<JobRequest<?>> takeRequests() {
    if (enqueued) {
      throw new IllegalStateException(
          "batch '%s' was enqueued before, and its jobs with it: make another".formatted(name));
    }
    enqueued = true;
    return requests;
  }

  private BatchRun start(
      JobClient client, Enqueuer target, FlowRef.Fresh flow, List<JobRequest<?>> first) {
    List<JobRequest<?>> all = new ArrayList<>();
    callbacks.forEach((event, request) -> all.add(in(new Membership(flow, null, event), request)));
    first.forEach(request -> all.add(in(Membership.of(flow), request)));
    return all.isEmpty()
        ? new BatchRun(client, client.flows().start(flow))
        : BatchRun.of(client, target.enqueueAll(all).get(0));
  }

  private void addTheRest(BatchRun run, Iterator<JobRequest<?>> left) {
    try {
      while (left.hasNext()) {
        run.append(next(left));
      }
    } catch (RuntimeException | Error e) {
      cancel(run, e);
      throw e;
    }
    if (!staysOpen) {
      run.seal();
    }
  }

  private static void cancel(BatchRun run, Throwable cause) {
    try {
      run.cancel();
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  private static List<JobRequest<?>> next(Iterator<JobRequest<?>> left) {
    List<JobRequest<?>> chunk = new ArrayList<>();
    while (chunk.size() < CHUNK && left.hasNext()) {
      chunk.add(left.next());
    }
    return chunk;
  }

  static JobRequest<?> in(Membership membership, JobRequest<?> request) {
    return request.withTies(request.options().ties().withMembership(membership));
  }
}
