package io.neuralbridge;

import io.neuralbridge.job.Flow;
import io.neuralbridge.job.FlowJob;
import io.neuralbridge.job.FlowLink;
import io.neuralbridge.job.FlowRef;
import io.neuralbridge.job.FlowStore;
import io.neuralbridge.job.Flows;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The flows of a store; what is done to a whole flow is done in bounded steps. */
final class StoreFlows implements Flows {

  private static final int STEP = 1_000;

  private final FlowStore store;
  private final Function<Collection<Long>, Set<Long>> cancel;
  private final Function<Collection<Long>, Set<Long>> retry;
  private final Runnable afterwards;

  /**
   * @param cancel cancels jobs, returns those that it could
   * @param retry retries jobs, returns those that it could
   * @param afterwards called when the stager may have something to do
   */
  StoreFlows(
      FlowStore store,
      Function<Collection<Long>, Set<Long>> cancel,
      Function<Collection<Long>, Set<Long>> retry,
      Runnable afterwards) {
    this.store = store;
    this.cancel = cancel;
    this.retry = retry;
    this.afterwards = afterwards;
  }

  @Override
  public long start(FlowRef.Fresh flow) {
    long id = store.start(flow);
    afterwards.run();
    return id;
  }

  @Override
  public Optional<Flow> find(long flow) {
    return store.find(flow);
  }

  @Override
  public List<FlowJob> jobs(long flow, Which which, long after, int limit) {
    return store.jobs(flow, which, after, limit);
  }

  @Override
  public List<NamedJob> named(long flow, String name, long after, int limit) {
    return store.named(flow, name, after, limit);
  }

  @Override
  public List<FlowLink> links(long flow) {
    return store.links(flow);
  }

  @Override
  public boolean seal(long flow) {
    boolean sealed = store.seal(flow);
    afterwards.run();
    return sealed;
  }

  @Override
  public long cancel(long flow) {
    store.seal(flow);
    long cancelled = inSteps(flow, Which.LIVE, false, cancel);
    afterwards.run();
    return cancelled;
  }

  @Override
  public long retry(long flow) {
    long retried = inSteps(flow, Which.FAILED, true, retry);
    afterwards.run();
    return retried;
  }

  private long inSteps(
      long flow, Which which, boolean withCallbacks, Function<Collection<Long>, Set<Long>> step) {
    long changed = 0;
    List<FlowJob> jobs = store.jobs(flow, which, 0, STEP);
    while (!jobs.isEmpty()) {
      List<Long> ids =
          jobs.stream()
              .filter(job -> withCallbacks || job.callback() == null)
              .map(FlowJob::id)
              .toList();
      changed += step.apply(ids).size();
      jobs = store.jobs(flow, which, jobs.get(jobs.size() - 1).id(), STEP);
    }
    return changed;
  }
}
