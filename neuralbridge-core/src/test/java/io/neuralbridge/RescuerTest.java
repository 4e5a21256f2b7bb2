package io.neuralbridge;

import static io.neuralbridge.TestWorker.TYPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.InMemoryQueue;
import io.neuralbridge.testing.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RescuerTest {

  private static final Settings SETTINGS = new Settings();

  private final VirtualClock clock = new VirtualClock(Instant.parse("2026-03-01T12:00:00Z"));
  private final FlakyQueue store = new FlakyQueue(new InMemoryQueue(clock));
  private final Signals signals = new Signals();
  private final Rescuer rescuer =
      new Rescuer(store, SETTINGS, new Events(List.of(signals)), this::nanos);
  private long node;
  private Job job;

  private long nanos() {
    return Duration.between(Instant.parse("2020-01-01T00:00:00Z"), clock.instant()).toNanos();
  }

  @BeforeEach
  void runAJobOnAnotherNode() {
    node = store.join("other", SETTINGS.nodeTimeToLive());
    job = store.insert(List.of(TYPE.request("x").toNewJob())).get(0);
    store.claim(new Claim("default", node, 1));
  }

  @Test
  void freesTheJobsOfANodeThatDiedAndTellsTheListeners() {
    roundsFor(Duration.ofSeconds(30));

    assertThat(state()).isEqualTo(JobState.AVAILABLE);
    assertThat(signals.rescued(job).job().crashes()).isEqualTo(1);
  }

  @Test
  void afterAnOutageItGivesLivingNodesTimeToSayThatTheyLive() {
    rescuer.round();
    store.goAway();
    for (int i = 0; i < 10; i++) {
      clock.advance(Duration.ofSeconds(5));
      assertThatThrownBy(rescuer::round).hasMessageContaining("away");
    }
    store.comeBack();

    rescuer.round();
    assertThat(state()).isEqualTo(JobState.EXECUTING);

    store.renew(node, SETTINGS.nodeTimeToLive());
    roundsFor(Duration.ofSeconds(20));
    assertThat(state()).as("its node lives").isEqualTo(JobState.EXECUTING);

    roundsFor(Duration.ofSeconds(20));
    assertThat(state()).as("now it does not").isEqualTo(JobState.AVAILABLE);
  }

  @Test
  void aNodeThatBeginsDuringAnOutageGivesTheOthersTimeToo() {
    clock.advance(Duration.ofSeconds(17));
    store.goAway();
    assertThatThrownBy(rescuer::round).hasMessageContaining("away");
    clock.advance(Duration.ofSeconds(4));
    store.comeBack();

    rescuer.round();

    assertThat(state()).as("its node is late with all others").isEqualTo(JobState.EXECUTING);
    roundsFor(Duration.ofSeconds(26));
    assertThat(state()).as("but it is dead").isEqualTo(JobState.AVAILABLE);
  }

  @Test
  void anOutageThatLeavesNoTimeForABeatIsLongEnough() {
    rescuer.round();
    clock.advance(Duration.ofSeconds(6));
    store.renew(node, SETTINGS.nodeTimeToLive());
    rescuer.round();
    store.goAway();
    clock.advance(Duration.ofSeconds(14));
    assertThatThrownBy(rescuer::round).hasMessageContaining("away");
    clock.advance(Duration.ofSeconds(7));
    store.comeBack();

    rescuer.round();

    assertThat(state()).isEqualTo(JobState.EXECUTING);
  }

  private void roundsFor(Duration duration) {
    for (Duration passed = Duration.ZERO; passed.compareTo(duration) < 0; ) {
      Duration pause = rescuer.round();
      clock.advance(pause);
      passed = passed.plus(pause);
    }
  }

  private JobState state() {
    return store.find(job.id()).orElseThrow().state();
  }
}
