package io.neuralbridge.job;

/**
 * The flows of a store, and what can be done to them as a whole. {@code io.neuralbridge.flow}
 * offers the same in its own words.
 */
public interface Flows extends FlowStore {

  /**
   * Seals a flow and gives up its jobs: those that wait at once, running ones are asked to stop.
   * Its callbacks go on, and see it as failed. Jobs that are added meanwhile may be missed.
   *
   * @return how many jobs were waiting or running
   */
  long cancel(long flow);

  /**
   * Retries the cancelled and discarded jobs of a flow. Those that need others wait for them again,
   * and callbacks for their batch.
   *
   * @return how many jobs
   */
  long retry(long flow);
}
