package io.neuralbridge.worker;

import io.neuralbridge.job.JobClient;
import io.neuralbridge.retry.RecoveryRule;
import io.neuralbridge.schedule.Recurring;

/**
 * Something that brings workers of its own, such as the embed job. Host applications may write
 * their own.
 */
public interface Extension {

  /** Called once, when a NeuralBridge is built, before anything runs. */
  void install(Installer installer);

  /** What an extension may do while it is installed. */
  interface Installer {

    /** Registers a worker. */
    void worker(Worker<?> worker);

    /** Adds a rule for failed attempts; asked after those of the host. */
    void recoveryRule(RecoveryRule rule);

    /** Adds what stands around every run; further in than those of the host. */
    void interceptor(JobInterceptor interceptor);

    /**
     * Adds recurring jobs. Where the host has no scheduler they do not recur, and a line in the log
     * says so.
     */
    void recurring(Recurring... recurring);

    /** The client to enqueue with; keep it for later. */
    JobClient client();

    /** To pause and resume queues on all nodes; keep it for later. */
    QueueSwitch queues();
  }

  /**
   * Pauses and resumes queues for the cluster, as {@code NeuralBridge.queues()} does: it is stored
   * and outlives restarts, and what runs goes on to its end. Safe for use by many threads.
   */
  interface QueueSwitch {

    /**
     * Begins no more jobs of a queue.
     *
     * @throws IllegalStateException while the bridge is being built
     */
    void pause(String queue);

    /**
     * Begins jobs of a queue again.
     *
     * @throws IllegalStateException while the bridge is being built
     */
    void resume(String queue);
  }
}
