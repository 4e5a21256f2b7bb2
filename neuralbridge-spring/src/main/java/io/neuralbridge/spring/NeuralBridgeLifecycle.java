package io.neuralbridge.spring;

import io.neuralbridge.NeuralBridge;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the bridge when the context is ready, and stops it first when the context closes, while
 * the beans that its workers use are still there.
 */
public final class NeuralBridgeLifecycle implements SmartLifecycle {

  private final NeuralBridge bridge;
  private final boolean enabled;
  private volatile boolean running;

  NeuralBridgeLifecycle(NeuralBridge bridge, boolean enabled) {
    this.bridge = bridge;
    this.enabled = enabled;
  }

  @Override
  public boolean isAutoStartup() {
    return enabled;
  }

  @Override
  public void start() {
    bridge.start();
    running = true;
  }

  @Override
  public void stop() {
    bridge.close();
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
