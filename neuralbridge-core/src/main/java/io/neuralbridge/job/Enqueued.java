package io.neuralbridge.job;

import java.io.Serializable;

/**
 * What became of a stream of requests.
 *
 * @param stored how many jobs were stored
 * @param existing how many requests found an existing job in place of theirs
 */
public record Enqueued(long stored, long existing) implements Serializable {

  /** How many requests were taken from the stream and dealt with. */
  public long requests() {
    return stored + existing;
  }
}
