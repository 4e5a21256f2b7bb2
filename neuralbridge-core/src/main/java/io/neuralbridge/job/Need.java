package io.neuralbridge.job;

/**
 * A job that must have completed before another one runs.
 *
 * @param target the id of a stored job; or, if {@code sameInsert}, the position of an earlier job
 *     in the list that is inserted together, from 0
 * @param onFailure what happens if the needed job is cancelled or discarded
 * @param chained whether the two follow each other in a chain: if the needed one is given up while
 *     it waits itself, the other waits for what that one waited for
 */
public record Need(long target, boolean sameInsert, FailurePolicy onFailure, boolean chained) {

  public Need {
    if (target < 0) {
      throw new IllegalArgumentException(
          sameInsert
              ? "a position must not be negative: " + target
              : "no job has a negative id: " + target);
    }
  }

  /** A stored job, whatever its state; if it is missing, the insertion fails. */
  public static Need job(long id, FailurePolicy onFailure) {
    return new Need(id, false, onFailure, false);
  }

  /** A job that is inserted by the same call, at an earlier position. */
  public static Need position(int position, FailurePolicy onFailure) {
    return new Need(position, true, onFailure, false);
  }

  /** The same, between two jobs that follow each other in a chain. */
  public Need inChain() {
    return new Need(target, sameInsert, onFailure, true);
  }
}
