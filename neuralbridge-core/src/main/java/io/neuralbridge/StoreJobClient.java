package io.neuralbridge;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobClient;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobRequest;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.queue.Queue;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The client of a store, which tells this process's engine, if it has one, what others learn by
 * polling.
 */
final class StoreJobClient implements JobClient {

  private final Queue queue;
  private volatile @Nullable Engine engine;

  StoreJobClient(Queue queue) {
    this.queue = queue;
  }

  Queue queue() {
    return queue;
  }

  /** Workers need the client before the engine that runs them exists. */
  void connect(Engine engine) {
    this.engine = engine;
  }

  @Override
  public List<Job> enqueueAll(Collection<? extends JobRequest<?>> requests) {
    List<NewJob> jobs = requests.stream().<NewJob>map(JobRequest::toNewJob).toList();
    List<Job> stored = queue.insert(jobs);
    Engine local = engine;
    if (local != null) {
      jobs.forEach(job -> local.warnOfForeignQueue(job.spec().queue()));
      local.wakeProducers();
    }
    return stored;
  }

  @Override
  public Optional<Job> find(long id) {
    return queue.find(id);
  }

  @Override
  public List<JobError> errors(long id) {
    return queue.errors(id);
  }

  @Override
  public boolean cancel(long id) {
    boolean found = queue.cancel(List.of(id)).contains(id);
    Engine local = engine;
    if (found && local != null) {
      local.executor.cancel(Set.of(id));
    }
    return found;
  }

  @Override
  public boolean retry(long id) {
    boolean found = queue.retry(List.of(id)).contains(id);
    wakeProducers();
    return found;
  }

  @Override
  public Map<JobState, Long> counts() {
    return queue.counts();
  }

  private void wakeProducers() {
    Engine local = engine;
    if (local != null) {
      local.wakeProducers();
    }
  }
}
