package io.neuralbridge;

import static io.neuralbridge.TestWorker.TYPE;
import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Bridges that share a store: one of them leads. */
class LeadingBridgeTest extends EngineTestBase {

  @Test
  void aBridgeThatClosesHandsItsDutiesOverAtOnce() {
    NeuralBridge first = start();
    Signals.until(first::isLeader);
    NeuralBridge second = start();
    assertThat(second.isLeader()).isFalse();

    first.close();

    assertThat(first.isLeader()).isFalse();
    Signals.until(second::isLeader);
  }

  @Test
  void aBridgeThatDiedIsFollowedWhenItsTimeIsOver() {
    FlakyQueue dying = new FlakyQueue(store);
    NeuralBridge first = start(builder(dying));
    Signals.until(first::isLeader);
    NeuralBridge second = start();
    dying.goAway();
    int renewals = store.renewals.get();
    Signals.until(() -> store.renewals.get() > renewals + 3);
    assertThat(second.isLeader()).isFalse();

    clock.advance(Duration.ofDays(1));

    Signals.until(second::isLeader);
    assertThat(store.leadership().current("maintenance").orElseThrow().number()).isEqualTo(2);
    dying.comeBack();
  }

  @Test
  void theLeaderPrunesAsSoonAsItLeads() throws Exception {
    CountDownLatch archived = new CountDownLatch(1);
    NeuralBridge client = builder().build();
    Job job = client.enqueue(TYPE.request("x").in(NEVER));
    client.cancel(job.id());
    clock.advance(Duration.ofHours(2));

    start(builder().retention(Duration.ofHours(1)).archive(jobs -> archived.countDown()));

    Signals.await(archived);
    Signals.until(() -> store.find(job.id()).isEmpty());
  }
}
