package io.neuralbridge;

import io.neuralbridge.worker.Extension;
import org.jspecify.annotations.Nullable;

/** What extensions get of {@link Queues}, which are there only when the bridge is built. */
final class LateQueues implements Extension.QueueSwitch {

  private volatile @Nullable Queues queues;

  void connect(Queues queues) {
    this.queues = queues;
  }

  @Override
  public void pause(String queue) {
    queues().pause(queue);
  }

  @Override
  public void resume(String queue) {
    queues().resume(queue);
  }

  private Queues queues() {
    Queues known = queues;
    if (known == null) {
      throw new IllegalStateException(
          "the bridge is not built yet: pause and resume queues when it runs, not in install()");
    }
    return known;
  }
}
