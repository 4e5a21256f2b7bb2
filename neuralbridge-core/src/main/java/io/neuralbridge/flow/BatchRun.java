package io.neuralbridge.flow;

import io.neuralbridge.job.FlowException;
import io.neuralbridge.job.FlowKind;
import io.neuralbridge.job.FlowRef;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobClient;
import io.neuralbridge.job.JobRequest;
import io.neuralbridge.job.Membership;
import io.neuralbridge.worker.JobContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A stored batch. Safe for use by many threads at once. */
public final class BatchRun {

  private final JobClient client;
  private final long id;

  BatchRun(JobClient client, long id) {
    this.client = client;
    this.id = id;
  }

  static BatchRun of(JobClient client, Job job) {
    Long flow = job.flowId();
    if (flow == null) {
      throw new IllegalStateException(
          "job %d (%s) belongs to no batch".formatted(job.id(), job.kind()));
    }
    return new BatchRun(client, flow);
  }

  /**
   * The batch of a running job, or of a running callback.
   *
   * @throws IllegalStateException if the job belongs to none
   */
  public static BatchRun of(JobContext<?> context) {
    return of(context.client(), context.job());
  }

  /** A batch by its id; empty if there never was one, or it has been pruned. */
  public static Optional<BatchRun> find(JobClient client, long id) {
    return client
        .flows()
        .find(id)
        .filter(flow -> flow.kind() == FlowKind.BATCH)
        .map(flow -> new BatchRun(client, id));
  }

  /** Unique among the workflows and batches of its store. */
  public long id() {
    return id;
  }

  /**
   * How far it is.
   *
   * @throws FlowException if it has been pruned
   */
  public BatchProgress progress() {
    return new BatchProgress(client.flows().find(id).orElseThrow(() -> FlowException.notFound(id)));
  }

  /**
   * Adds jobs, in one transaction. One of its jobs may do so, or anybody while it is open.
   *
   * @throws FlowException with {@link FlowException#FLOW_FINISHED} if all its jobs have ended and
   *     none was to come
   */
  public List<Job> append(Collection<? extends JobRequest<?>> requests) {
    Membership member = Membership.of(new FlowRef.Stored(id));
    List<JobRequest<?>> members = new ArrayList<>();
    requests.forEach(request -> members.add(Batch.in(member, request)));
    return client.enqueueAll(members);
  }

  /**
   * Says that no more jobs are to come, so that it may finish.
   *
   * @return {@code false} if it was not open
   */
  public boolean seal() {
    return client.flows().seal(id);
  }

  /**
   * Gives all its jobs up: waiting ones at once, running ones are asked to stop. The callbacks for
   * failure and for the end run.
   *
   * @return how many were waiting or running
   */
  public long cancel() {
    return client.flows().cancel(id);
  }

  /**
   * Retries the jobs that were cancelled or discarded. If then all complete, the callback for that
   * runs; the others do not run again.
   *
   * @return how many jobs and callbacks
   */
  public long retry() {
    return client.flows().retry(id);
  }
}
