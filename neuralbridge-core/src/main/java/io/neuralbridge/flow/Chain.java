package io.neuralbridge.flow;

import io.neuralbridge.job.ChainSlot;
import io.neuralbridge.job.FailurePolicy;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobClient;
import io.neuralbridge.job.JobRequest;
import java.util.Collection;
import java.util.List;

/**
 * Jobs that run one after the other, strictly in the order in which they were enqueued: each begins
 * when the one before it is final, after all its retries, snoozes and crashes. Default: however
 * that one ended.
 *
 * <p>A chain is nothing but its key, and lasts as long as there are jobs with it. Chains of
 * different keys run side by side.
 *
 * @param key 1 to 200 characters
 * @param onFailure what happens to waiting jobs if the one before them is cancelled or discarded.
 *     With {@link FailurePolicy#CANCEL} all that wait are cancelled, and jobs that are enqueued
 *     later begin anew; with {@link FailurePolicy#HOLD} the chain stands still until the failed job
 *     completes, or the next one is retried
 */
public record Chain(String key, FailurePolicy onFailure) {

  public Chain {
    key = new ChainSlot(key, onFailure).key();
  }

  public static Chain of(String key) {
    return new Chain(key, FailurePolicy.IGNORE);
  }

  public Chain onFailure(FailurePolicy onFailure) {
    return new Chain(key, onFailure);
  }

  /** A request for a job that will be the last of the chain when it is enqueued. */
  public <A> JobRequest<A> next(JobRequest<A> request) {
    return request.withTies(request.options().ties().withChain(new ChainSlot(key, onFailure)));
  }

  /** Stores a job as the last of the chain. */
  public Job enqueue(JobClient client, JobRequest<?> request) {
    return client.enqueue(next(request));
  }

  /** Stores jobs as the last of the chain, in their order, all or none. */
  public List<Job> enqueueAll(JobClient client, Collection<? extends JobRequest<?>> requests) {
    return client.enqueueAll(requests.stream().map(this::next).toList());
  }
}
