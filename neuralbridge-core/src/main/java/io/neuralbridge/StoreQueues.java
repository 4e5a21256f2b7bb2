package io.neuralbridge;

import io.neuralbridge.job.DidYouMean;
import io.neuralbridge.job.Names;
import io.neuralbridge.queue.QueueControls;
import io.neuralbridge.queue.QueueLimits;
import io.neuralbridge.queue.QueueSettings;
import io.neuralbridge.queue.QueueStatus;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** {@link Queues} on the controls of a store. */
final class StoreQueues implements Queues {

  /** What the bridge contributes beside the store. */
  interface Local {
    /** The queues that its code names. */
    Set<String> queues();

    String nodeName();

    /** Something was said: no need to wait until the node asks. */
    void changed();

    boolean isClosed();
  }

  private final QueueControls controls;
  private final Local local;
  private final @Nullable String node;

  StoreQueues(QueueControls controls, Local local) {
    this(controls, local, null);
  }

  private StoreQueues(QueueControls controls, Local local, @Nullable String node) {
    this.controls = controls;
    this.local = local;
    this.node = node;
  }

  @Override
  public QueueSwitches onNode(String name) {
    Set<String> known = new TreeSet<>(Set.of(local.nodeName()));
    controls.status().forEach(status -> known.addAll(status.nodes().keySet()));
    if (!known.contains(name)) {
      throw new IllegalArgumentException(
          "no node '%s' is known; %s".formatted(name, DidYouMean.among(known, name)));
    }
    return new StoreQueues(controls, local, name);
  }

  @Override
  public QueueSwitches onThisNode() {
    return new StoreQueues(controls, local, local.nodeName());
  }

  @Override
  public void pause(String queue) {
    change(Set.of(requireKnown(queue)), QueueSettings.paused(true));
  }

  @Override
  public void resume(String queue) {
    change(Set.of(requireKnown(queue)), QueueSettings.paused(false));
  }

  @Override
  public void pauseAll() {
    change(known(), QueueSettings.paused(true));
  }

  @Override
  public void resumeAll() {
    change(known(), QueueSettings.paused(false));
  }

  @Override
  public void scale(String queue, int limit) {
    change(Set.of(requireKnown(queue)), QueueSettings.nodeLimit(limit));
  }

  @Override
  public void memory(String queue, long bytes) {
    change(Set.of(requireKnown(queue)), QueueSettings.nodeMemory(bytes));
  }

  @Override
  public void start(String queue) {
    change(Set.of(Names.require("queue", queue)), QueueSettings.started(true));
  }

  @Override
  public void start(String queue, int limit) {
    change(Set.of(Names.require("queue", queue)), new QueueSettings(null, true, limit, null));
  }

  @Override
  public void stop(String queue) {
    change(Set.of(requireKnown(queue)), QueueSettings.started(false));
  }

  private void change(Set<String> queues, QueueSettings settings) {
    controls.change(queues, node, settings);
    local.changed();
  }

  @Override
  public CompletableFuture<Void> drain(String queue) {
    pause(queue);
    return new DrainWatch(() -> controls.running(queue, node), local::isClosed).begin();
  }

  @Override
  public CompletableFuture<Void> drainAll() {
    pauseAll();
    return new DrainWatch(() -> controls.running(null, node), local::isClosed).begin();
  }

  @Override
  public void limit(String queue, QueueLimits limits) {
    controls.limit(requireKnown(queue), limits);
    local.changed();
  }

  @Override
  public void reset(String queue) {
    controls.reset(requireKnown(queue));
    local.changed();
  }

  @Override
  public List<QueueStatus> status() {
    return controls.status();
  }

  private Set<String> known() {
    Set<String> known = new TreeSet<>(local.queues());
    controls.status().forEach(status -> known.add(status.queue()));
    return known;
  }

  private String requireKnown(String queue) {
    Set<String> known = known();
    if (!known.contains(queue)) {
      throw new IllegalArgumentException(
          "no queue '%s' is known; %s".formatted(queue, DidYouMean.among(known, queue)));
    }
    return queue;
  }
}
