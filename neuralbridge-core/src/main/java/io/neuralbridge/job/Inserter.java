package io.neuralbridge.job;

import java.util.List;

/**
 * Where new jobs go: a store, or a caller's own transaction on one.
 *
 * @see JobClient#using
 */
public interface Inserter {

  /**
   * Stores jobs, all or none. A job whose {@linkplain NewJob#unique() key} another one holds, one
   * of an earlier call or of this one, is not stored: that one is returned in its place,
   * {@linkplain Job#existing() marked}, with the fields that it takes over if it waits.
   *
   * <p>The call itself never stores a job twice. But when the store is lost in the very moment of
   * its commit, the jobs may be stored although it throws; the exception of a store that knows says
   * so. Jobs that must not be stored twice when the call is made again are unique ones.
   *
   * <p>Jobs that need others are suspended until those have completed.
   *
   * @throws FlowException if a job or a flow that they are tied to is not there, or takes no more
   * @return in the order given; the ids of those that were stored grow
   */
  List<Job> insert(List<NewJob> jobs);
}
