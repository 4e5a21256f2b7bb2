package io.neuralbridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopTest {

  private static final Duration LONG = Duration.ofDays(1);

  private final Semaphore rounds = new Semaphore(0);
  private Loop loop;

  @AfterEach
  void stop() throws InterruptedException {
    loop.stop();
    loop.join(Signals.PATIENCE);
  }

  private void run(Loop.Step step) {
    loop =
        new Loop(
            "test",
            () -> {
              try {
                return step.run();
              } finally {
                rounds.release();
              }
            });
    loop.start();
  }

  private void awaitRounds(int count) throws InterruptedException {
    assertThat(rounds.tryAcquire(count, Signals.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aStepThatFailsIsTriedAgain() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    run(
        () -> {
          switch (runs.incrementAndGet()) {
            case 1 -> throw new IllegalStateException("first");
            case 2 -> throw new StackOverflowError("second");
            default -> {
              return LONG;
            }
          }
        });

    awaitRounds(3);
  }

  @Test
  void aWakeUpEndsTheWait() throws Exception {
    run(() -> LONG);
    awaitRounds(1);

    loop.wake();

    awaitRounds(1);
  }

  @Test
  void aWakeUpDuringAStepIsNotLost() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    run(
        () -> {
          if (runs.incrementAndGet() == 1) {
            loop.wake();
          }
          return LONG;
        });

    awaitRounds(2);
  }

  @Test
  void aWakeUpDoesNotShortenThePauseAfterAFailure() throws Exception {
    CountDownLatch third = new CountDownLatch(3);
    long begin = System.nanoTime();
    run(
        () -> {
          third.countDown();
          loop.wake();
          throw new IllegalStateException("away");
        });

    Signals.await(third);

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(90));
  }

  @Test
  void aStepThatKeepsFailingIsTriedAtLeastAsOftenAsItWasTold() throws Exception {
    loop =
        new Loop(
            "test",
            () -> {
              rounds.release();
              throw new IllegalStateException("away");
            },
            Duration.ofMillis(60));
    loop.start();

    awaitRounds(60);
  }

  @Test
  void aStrayInterruptDoesNotEndIt() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    run(
        () -> {
          if (runs.incrementAndGet() == 1) {
            Thread.currentThread().interrupt();
          }
          return LONG;
        });

    awaitRounds(2);
  }

  @Test
  void stoppingTwiceEndsItOnceAndForAll() throws Exception {
    run(() -> LONG);
    awaitRounds(1);

    loop.stop();
    loop.stop();
    loop.join(Signals.PATIENCE);
    loop.wake();

    assertThat(rounds.availablePermits()).isZero();
  }

  @Test
  void joiningWhatNeverBeganReturnsAtOnce() throws Exception {
    loop = new Loop("test", () -> LONG);

    loop.join(Signals.PATIENCE);

    assertThat(loop.isCurrentThread()).isFalse();
  }
}
