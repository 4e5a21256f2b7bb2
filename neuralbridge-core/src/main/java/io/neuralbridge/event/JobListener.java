package io.neuralbridge.event;

/**
 * Hears what happens on this node. Called by the engine's threads, by several at once, in no order
 * between jobs; keep it short. What it throws is logged and ignored.
 */
@FunctionalInterface
public interface JobListener {

  void onEvent(JobEvent event);
}
