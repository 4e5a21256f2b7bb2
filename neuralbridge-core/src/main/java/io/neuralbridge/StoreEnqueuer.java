package io.neuralbridge;

import io.neuralbridge.job.EnqueueFailedException;
import io.neuralbridge.job.Enqueued;
import io.neuralbridge.job.Enqueuer;
import io.neuralbridge.job.Inserter;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobRequest;
import io.neuralbridge.job.NewJob;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** Turns requests into jobs of a store or of a caller's transaction. */
final class StoreEnqueuer implements Enqueuer {

  /** What a batch of a stream holds at most, in jobs and in characters of their args. */
  static final int BATCH = 1_000;

  static final int BATCH_CHARS = 4_000_000;

  private final Inserter inserter;
  private final Intake intake;
  private final Consumer<List<Job>> afterwards;

  /**
   * @param afterwards told of all jobs that were stored or found
   */
  StoreEnqueuer(Inserter inserter, Intake intake, Consumer<List<Job>> afterwards) {
    this.inserter = inserter;
    this.intake = intake;
    this.afterwards = afterwards;
  }

  @Override
  public List<Job> enqueueAll(Collection<? extends JobRequest<?>> requests) {
    return insert(requests.stream().<NewJob>map(intake.begin()).toList());
  }

  private List<Job> insert(List<NewJob> jobs) {
    List<Job> inserted = inserter.insert(jobs);
    afterwards.accept(inserted);
    return inserted;
  }

  @Override
  public Enqueued enqueueAll(Stream<? extends JobRequest<?>> requests) {
    Function<JobRequest<?>, NewJob> toNewJob = intake.begin();
    Enqueued done = new Enqueued(0, 0);
    try (requests) {
      Iterator<? extends JobRequest<?>> left = requests.iterator();
      while (left.hasNext()) {
        done = plus(done, insert(nextBatch(left, toNewJob)));
      }
      return done;
    } catch (RuntimeException e) {
      throw new EnqueueFailedException(done, e);
    }
  }

  private static List<NewJob> nextBatch(
      Iterator<? extends JobRequest<?>> left, Function<JobRequest<?>, NewJob> toNewJob) {
    List<NewJob> batch = new ArrayList<>();
    int chars = 0;
    while (batch.size() < BATCH && chars < BATCH_CHARS && left.hasNext()) {
      NewJob job = toNewJob.apply(left.next());
      chars += job.spec().args().length();
      batch.add(job);
    }
    return batch;
  }

  private static Enqueued plus(Enqueued done, List<Job> jobs) {
    long existing = jobs.stream().filter(Job::existing).count();
    return new Enqueued(done.stored() + jobs.size() - existing, done.existing() + existing);
  }
}
