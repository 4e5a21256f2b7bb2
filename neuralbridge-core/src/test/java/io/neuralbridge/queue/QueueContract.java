package io.neuralbridge.queue;

import java.time.InstantSource;
import org.junit.jupiter.api.Nested;

/** What every {@link Queue} does, a class a topic. A store passes when its subclass does. */
public abstract class QueueContract {

  /** An empty queue whose time is {@code clock}'s. */
  protected abstract Queue newQueue(InstantSource clock) throws Exception;

  @Nested
  class Inserts extends QueueInsertContract {
    @Override
    protected Queue newQueue(InstantSource clock) throws Exception {
      return QueueContract.this.newQueue(clock);
    }
  }

  @Nested
  class Claims extends QueueClaimContract {
    @Override
    protected Queue newQueue(InstantSource clock) throws Exception {
      return QueueContract.this.newQueue(clock);
    }
  }

  @Nested
  class Settles extends QueueSettleContract {
    @Override
    protected Queue newQueue(InstantSource clock) throws Exception {
      return QueueContract.this.newQueue(clock);
    }
  }

  @Nested
  class Nodes extends QueueNodesContract {
    @Override
    protected Queue newQueue(InstantSource clock) throws Exception {
      return QueueContract.this.newQueue(clock);
    }
  }

  @Nested
  class Cancels extends QueueCancelContract {
    @Override
    protected Queue newQueue(InstantSource clock) throws Exception {
      return QueueContract.this.newQueue(clock);
    }
  }

  @Nested
  class Prunes extends QueuePruneContract {
    @Override
    protected Queue newQueue(InstantSource clock) throws Exception {
      return QueueContract.this.newQueue(clock);
    }
  }

  @Nested
  class Lists extends QueueListContract {
    @Override
    protected Queue newQueue(InstantSource clock) throws Exception {
      return QueueContract.this.newQueue(clock);
    }
  }

  @Nested
  class ListProperties extends QueueListPropertyContract {
    @Override
    protected Queue newQueue(InstantSource clock) throws Exception {
      return QueueContract.this.newQueue(clock);
    }
  }

  @Nested
  class Edits extends QueueEditContract {
    @Override
    protected Queue newQueue(InstantSource clock) throws Exception {
      return QueueContract.this.newQueue(clock);
    }
  }

  @Nested
  class TiedDeletes extends QueueTiedDeleteContract {
    @Override
    protected Queue newQueue(InstantSource clock) throws Exception {
      return QueueContract.this.newQueue(clock);
    }
  }

  @Nested
  class Leaders extends QueueLeadershipContract {
    @Override
    protected Queue newQueue(InstantSource clock) throws Exception {
      return QueueContract.this.newQueue(clock);
    }
  }

  @Nested
  class Chaos extends QueueChaosContract {
    @Override
    protected Queue newQueue(InstantSource clock) throws Exception {
      return QueueContract.this.newQueue(clock);
    }
  }
}
