package io.neuralbridge.queue;

/**
 * How the nodes on one store tell each other that jobs may be due. Hints only: one that is lost, or
 * given for nothing, costs a little time and never a job. Implementations are safe for use by many
 * threads, and throw nothing: while hints cannot be given, polling finds the jobs.
 */
public interface WakeUps {

  /** Hears the hints, on a thread that it must not hold up. */
  interface Listener {

    /** Jobs of this queue may be due. */
    void jobsMayBeDue(String queue);

    /** Hints may have been lost: jobs of any queue may be due. */
    void hintsMayBeLost();
  }

  /** Ends when it is closed; closing twice is safe. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }

  /** Of a store that has nothing to tell nodes with. */
  WakeUps NONE =
      new WakeUps() {
        @Override
        public void send(String queue) {}

        @Override
        public Subscription listen(Listener listener) {
          return () -> {};
        }
      };

  /** Tells all listening nodes, this one perhaps among them, soon; does not wait for it. */
  void send(String queue);

  /** Hears what any node sends from soon on, until the subscription is closed. */
  Subscription listen(Listener listener);
}
