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
import io.neuralbridge.queue.Queue;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The client of a store, which tells this process's engine, if it has one, what others learn by
 * polling.
 */
final class StoreJobClient implements JobClient {

  private final Queue queue;
  private final StoreEnqueuer enqueuer;
  private final Awaiter awaiter;
  private final Flows flows;
  private volatile @Nullable Engine engine;

  StoreJobClient(Queue queue, Awaiter awaiter) {
    this.queue = queue;
    this.enqueuer = new StoreEnqueuer(queue, this::stored);
    this.awaiter = awaiter;
    this.flows = new StoreFlows(queue.flows(), this::cancel, this::retry, this::wakeStager);
  }

  Queue queue() {
    return queue;
  }

  /** Workers need the client before the engine that runs them exists. */
  void connect(Engine engine) {
    this.engine = engine;
  }

  void stopAwaiting() {
    awaiter.close();
  }

  @Override
  public List<Job> enqueueAll(Collection<? extends JobRequest<?>> requests) {
    return enqueuer.enqueueAll(requests);
  }

  @Override
  public Enqueued enqueueAll(Stream<? extends JobRequest<?>> requests) {
    return enqueuer.enqueueAll(requests);
  }

  @Override
  public Enqueuer using(Inserter inserter) {
    return new StoreEnqueuer(inserter, this::warnOfForeignQueues);
  }

  @Override
  public void wake(String... queues) {
    Set<String> named = new TreeSet<>(List.of(queues));
    wakeHere(named);
    wakeStager();
    named.forEach(queue.wakeUps()::send);
  }

  // A job that is due later is no reason to wake other nodes, but this one must know when.
  private void stored(List<Job> jobs) {
    warnOfForeignQueues(jobs);
    wakeHere(queues(jobs.stream()));
    if (jobs.stream().anyMatch(job -> job.state() == JobState.SUSPENDED)) {
      wakeStager();
    }
    queues(jobs.stream().filter(job -> job.state() == JobState.AVAILABLE))
        .forEach(queue.wakeUps()::send);
  }

  private static Set<String> queues(Stream<Job> jobs) {
    return jobs.map(Job::queue).collect(Collectors.toCollection(TreeSet::new));
  }

  private void warnOfForeignQueues(List<Job> jobs) {
    Engine local = engine;
    if (local != null) {
      queues(jobs.stream()).forEach(local::warnOfForeignQueue);
    }
  }

  private void wakeHere(Set<String> queues) {
    Engine local = engine;
    if (local != null) {
      local.wakeProducers(queues);
    }
  }

  @Override
  public Optional<Job> find(long id) {
    return queue.find(id);
  }

  @Override
  public CompletableFuture<Job> await(long id) {
    return awaiter.await(id);
  }

  @Override
  public List<JobError> errors(long id) {
    return queue.errors(id);
  }

  @Override
  public boolean cancel(long id) {
    return cancel(List.of(id)).contains(id);
  }

  Set<Long> cancel(Collection<Long> ids) {
    Set<Long> cancelled = queue.cancel(ids);
    Engine local = engine;
    if (local != null) {
      local.executor.cancel(cancelled);
    }
    changed(cancelled);
    return cancelled;
  }

  @Override
  public boolean retry(long id) {
    return retry(List.of(id)).contains(id);
  }

  Set<Long> retry(Collection<Long> ids) {
    Set<Long> retried = queue.retry(ids);
    wakeProducers();
    wakeStager();
    return retried;
  }

  @Override
  public boolean delete(long id) {
    return delete(List.of(id)).contains(id);
  }

  Set<Long> delete(Collection<Long> ids) {
    Set<Long> deleted = queue.delete(ids);
    changed(deleted);
    return deleted;
  }

  @Override
  public boolean edit(long id, JobEdit edit) {
    return edit(List.of(id), edit).contains(id);
  }

  Set<Long> edit(Collection<Long> ids, JobEdit edit) {
    Set<Long> edited = queue.edit(ids, edit);
    wakeProducers();
    return edited;
  }

  @Override
  public JobSelection select(JobFilter filter) {
    return new Selection(this, filter);
  }

  @Override
  public Flows flows() {
    return flows;
  }

  @Override
  public Map<JobState, Long> counts() {
    return queue.counts();
  }

  private void changed(Set<Long> ids) {
    ids.forEach(awaiter::look);
    wakeStager();
  }

  private void wakeStager() {
    Engine local = engine;
    if (local != null) {
      local.stager.wake();
    }
  }

  private void wakeProducers() {
    Engine local = engine;
    if (local != null) {
      local.wakeProducers();
    }
  }
}
