package io.neuralbridge.queue;

import io.neuralbridge.job.Flow;
import io.neuralbridge.job.FlowJob;
import io.neuralbridge.job.FlowLink;
import io.neuralbridge.job.FlowRef;
import io.neuralbridge.job.FlowStore;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** {@link MemoryFlows} under the lock of their queue. */
final class MemoryFlowStore implements FlowStore {

  private final Object lock;
  private final MemoryFlows flows;
  private final InstantSource clock;

  MemoryFlowStore(Object lock, MemoryFlows flows, InstantSource clock) {
    this.lock = lock;
    this.flows = flows;
    this.clock = clock;
  }

  @Override
  public long start(FlowRef.Fresh flow) {
    synchronized (lock) {
      return flows.start(flow, clock.instant());
    }
  }

  @Override
  public Optional<Flow> find(long flow) {
    synchronized (lock) {
      return Optional.ofNullable(flows.find(flow, clock.instant()));
    }
  }

  @Override
  public List<FlowJob> jobs(long flow, Which which, long after, int limit) {
    synchronized (lock) {
      return flows.jobs(flow, which, after, limit, clock.instant());
    }
  }

  @Override
  public List<NamedJob> named(long flow, String name, long after, int limit) {
    synchronized (lock) {
      return flows.named(flow, name, after, limit, clock.instant());
    }
  }

  @Override
  public List<FlowLink> links(long flow) {
    synchronized (lock) {
      return flows.links(flow);
    }
  }

  @Override
  public boolean seal(long flow) {
    synchronized (lock) {
      return flows.seal(flow);
    }
  }
}
