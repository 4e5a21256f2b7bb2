package io.neuralbridge.job;

import java.util.List;
import java.util.Optional;

/**
 * What a store knows of flows: jobs that belong together, as workflows or batches. Safe for use by
 * many threads at once.
 */
public interface FlowStore {

  /** Stores a flow that has no jobs yet; returns its id. */
  long start(FlowRef.Fresh flow);

  /** A flow as it stands now; empty if there never was one, or it has been pruned. */
  Optional<Flow> find(long flow);

  /** Which jobs of a flow are meant; callbacks are among them. */
  enum Which {
    ALL,
    /** Those that are not final. */
    LIVE,
    /** Those that were cancelled or discarded. */
    FAILED
  }

  /**
   * Jobs of a flow, by id.
   *
   * @param after ids greater than this
   * @param limit how many at most
   */
  List<FlowJob> jobs(long flow, Which which, long after, int limit);

  /**
   * The jobs that a name means in a flow: the one that has it, or those whose names begin with it
   * and a dot; by id. Jobs that have been pruned are missing.
   *
   * @param after ids greater than this
   * @param limit how many at most
   */
  List<NamedJob> named(long flow, String name, long after, int limit);

  /** What the named jobs of a flow need. */
  List<FlowLink> links(long flow);

  /**
   * Says that no more jobs are to come, so that the flow may finish.
   *
   * @return {@code false} if it was not open
   */
  boolean seal(long flow);

  /** A job by the name that it has in its flow. */
  record NamedJob(String name, Job job) {}
}
