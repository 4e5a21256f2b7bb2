package io.neuralbridge;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** Asks again and again how many jobs run, until none does. */
final class DrainWatch {

  private static final Duration PAUSE = Duration.ofMillis(50);

  private final IntSupplier running;
  private final BooleanSupplier closed;
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private final Executor later =
      CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
  private boolean idleBefore;

  DrainWatch(IntSupplier running, BooleanSupplier closed) {
    this.running = running;
    this.closed = closed;
  }

  CompletableFuture<Void> begin() {
    askLater();
    return drained;
  }

  private void askLater() {
    later.execute(this::ask);
  }

  // Twice, because a claim may have been under way when the queue was paused.
  private void ask() {
    try {
      boolean idle = !drained.isDone() && running.getAsInt() == 0;
      if (idle && idleBefore) {
        drained.complete(null);
      }
      idleBefore = idle;
    } catch (RuntimeException | Error e) {
      drained.completeExceptionally(e);
    }
    if (!drained.isDone() && closed.getAsBoolean()) {
      drained.completeExceptionally(
          new CompletionException(
              new IllegalStateException("the bridge was closed before the queue was drained")));
    }
    if (!drained.isDone()) {
      askLater();
    }
  }
}
