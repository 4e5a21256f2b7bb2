package io.neuralbridge.job;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Puts jobs in. A {@link JobClient} is one; so is a caller's transaction. */
public interface Enqueuer {

  /**
   * Stores one job, or finds the one that holds its {@linkplain JobRequest#withUnique key}.
   *
   * @return the stored job, which runs even if this process ends now; or the existing one, {@link
   *     Job#existing() marked}
   * @throws InvalidArgsException if the arguments cannot be stored
   */
  default <A> Job enqueue(JobRequest<A> request) {
    return enqueueAll(List.of(request)).get(0);
  }

  /**
   * Stores many jobs at once, all or none; for as many as fit in memory.
   *
   * @return the stored or existing jobs, in the order of the requests
   */
  List<Job> enqueueAll(Collection<? extends JobRequest<?>> requests);

  /**
   * Stores any number of jobs in batches of 1,000, less if their arguments are large, each in a
   * transaction of its own, and closes the stream. The stream is read as the batches are stored, so
   * memory stays bounded.
   *
   * @throws EnqueueFailedException if the stream or the store fails, or a request cannot be stored;
   *     it says what was stored before
   */
  Enqueued enqueueAll(Stream<? extends JobRequest<?>> requests);
}
