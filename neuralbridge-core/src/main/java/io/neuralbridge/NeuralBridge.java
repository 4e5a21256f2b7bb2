package io.neuralbridge;

import io.neuralbridge.job.Enqueued;
import io.neuralbridge.job.Enqueuer;
import io.neuralbridge.job.Flows;
import io.neuralbridge.job.Inserter;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobClient;
import io.neuralbridge.job.JobEdit;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobFilter;
import io.neuralbridge.job.JobRequest;
import io.neuralbridge.job.JobSelection;
import io.neuralbridge.job.JobState;
import io.neuralbridge.schedule.Scheduler;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Background jobs in this process: enqueue with it, and {@link #start} it to run them.
 *
 * <p>A bridge that is not started is an enqueue-only client. Safe for use by many threads; close it
 * once, at the end.
 */
public final class NeuralBridge implements JobClient, AutoCloseable {

  private enum Phase {
    BUILT,
    STARTED,
    CLOSED
  }

  private final StoreJobClient client;
  private final Engine engine;
  private final @Nullable Scheduler scheduler;
  private final Queues queues;
  private final Thread shutdownHook = new Thread(this::closeAndWait, "neuralbridge-shutdown");
  private volatile Phase phase = Phase.BUILT;

  NeuralBridge(StoreJobClient client, Engine engine, @Nullable Scheduler scheduler) {
    this.scheduler = scheduler;
    this.client = client;
    this.engine = engine;
    this.queues = new StoreQueues(client.queue().controls(), new Here());
  }

  /** What this bridge knows of its own queues. */
  private final class Here implements StoreQueues.Local {
    @Override
    public Set<String> queues() {
      return engine.queueNames();
    }

    @Override
    public String nodeName() {
      return engine.nodeName();
    }

    @Override
    public void changed() {
      engine.settingsChanged();
    }

    @Override
    public boolean isClosed() {
      return phase == Phase.CLOSED;
    }
  }

  /** A builder with all defaults, which are listed at its methods. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Begins to run jobs. Returns at once; a store that is away is waited for. From now on the JVM
   * stays alive until the bridge is closed, and closes it itself when it is told to end.
   *
   * @return this
   * @throws IllegalStateException if it was started or closed before
   */
  public synchronized NeuralBridge start() {
    if (phase != Phase.BUILT) {
      throw new IllegalStateException(
          "a NeuralBridge starts once; this one is %s: build another".formatted(phase));
    }
    Runtime.getRuntime().addShutdownHook(shutdownHook);
    phase = Phase.STARTED;
    engine.start();
    return this;
  }

  /**
   * Runs due jobs one after the other in the caller's thread, until none is due: also those that
   * the jobs enqueue, and retries that are due at once. For tests, and for tools that work off a
   * queue and end.
   *
   * @param queues which queues, in this order; none means all that this node runs, by name
   * @return what ran
   * @throws IllegalStateException if the bridge was started or closed, or if there is no end of due
   *     jobs
   */
  public synchronized Drained drain(String... queues) {
    if (phase != Phase.BUILT) {
      throw new IllegalStateException(
          "only a NeuralBridge that was not started can be drained; this one is %s"
              .formatted(phase));
    }
    return engine.drain(List.of(queues));
  }

  /**
   * Stops gracefully: claims no more, waits for what runs, interrupts it when the grace period is
   * over, and hands unfinished jobs back, which costs them no attempt. Who still awaits a job is
   * told so. Closing twice does nothing. An interrupt shortens the waiting.
   *
   * <p>Called by a job or by a listener it cannot wait for its caller: then it returns at once, and
   * another thread closes.
   */
  @Override
  public void close() {
    if (engine.isOwnThread()) {
      Thread closer = new Thread(this::closeAndWait, "neuralbridge-close");
      closer.setDaemon(false);
      closer.start();
    } else {
      closeAndWait();
    }
  }

  private synchronized void closeAndWait() {
    Phase before = phase;
    phase = Phase.CLOSED;
    if (before == Phase.STARTED) {
      engine.stop();
      forgetShutdownHook();
    }
    client.stopAwaiting();
  }

  private void forgetShutdownHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    } catch (IllegalStateException e) {
      // The JVM is ending: the hook is this very call, or finds nothing left to do.
    }
  }

  /**
   * The recurring jobs: to look at them, to pause and edit them, to run one now.
   *
   * @throws IllegalStateException if the bridge was built without a scheduler
   */
  public Scheduler schedule() {
    if (scheduler == null) {
      throw new IllegalStateException(
          "this NeuralBridge has no scheduler: build it with .scheduler(…) of the store of its jobs");
    }
    return scheduler;
  }

  /** Looks at queues and changes them while they run. */
  public Queues queues() {
    return queues;
  }

  /**
   * Whether this node does what one does for all, such as pruning. When it ends or dies, another
   * one takes over; nothing that must be right depends on there being only one.
   */
  public boolean isLeader() {
    return engine.isLeader();
  }

  @Override
  public List<Job> enqueueAll(Collection<? extends JobRequest<?>> requests) {
    return client.enqueueAll(requests);
  }

  @Override
  public Enqueued enqueueAll(Stream<? extends JobRequest<?>> requests) {
    return client.enqueueAll(requests);
  }

  @Override
  public Enqueuer using(Inserter inserter) {
    return client.using(inserter);
  }

  @Override
  public void wake(String... queues) {
    client.wake(queues);
  }

  @Override
  public Optional<Job> find(long id) {
    return client.find(id);
  }

  @Override
  public CompletableFuture<Job> await(long id) {
    return client.await(id);
  }

  @Override
  public List<JobError> errors(long id) {
    return client.errors(id);
  }

  @Override
  public boolean cancel(long id) {
    return client.cancel(id);
  }

  @Override
  public boolean retry(long id) {
    return client.retry(id);
  }

  @Override
  public Flows flows() {
    return client.flows();
  }

  @Override
  public boolean delete(long id) {
    return client.delete(id);
  }

  @Override
  public boolean edit(long id, JobEdit edit) {
    return client.edit(id, edit);
  }

  @Override
  public JobSelection select(JobFilter filter) {
    return client.select(filter);
  }

  @Override
  public Map<JobState, Long> counts() {
    return client.counts();
  }
}
