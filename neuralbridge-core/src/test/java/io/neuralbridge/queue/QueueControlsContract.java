package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is stored about queues, and how it reaches the nodes. */
public abstract class QueueControlsContract extends QueueLab {

  private static final Set<String> DEFAULT = Set.of(QUEUE);

  private QueueSettings notice(long node) {
    return queue.notices(node).queues().get(QUEUE).settings();
  }

  private QueueStatus status() {
    return controls.status().stream()
        .filter(status -> status.queue().equals(QUEUE))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aPauseHoldsFromTheNextClaimOnAndResumeEndsIt() {
    insert(3, TYPE.request("x"));
    insert(TYPE.withQueue("other").request("x"));
    List<Lease> running = claim(1);

    controls.change(DEFAULT, null, QueueSettings.paused(true));

    assertThat(claim(10)).isEmpty();
    assertThat(queue.untilNextDue(QUEUE)).isEmpty();
    assertThat(queue.claim(new Claim("other", node, 1))).as("another queue").hasSize(1);
    finish(running);

    controls.change(DEFAULT, null, QueueSettings.paused(false));
    assertThat(queue.untilNextDue(QUEUE)).contains(Duration.ZERO);
    assertThat(claim(10)).hasSize(2);
  }

  @Test
  void aNodeMayBePausedAlone() {
    insert(3, TYPE.request("x"));
    long other = queue.join("other", TTL);

    controls.change(DEFAULT, NODE, QueueSettings.paused(true));

    assertThat(claim(1)).isEmpty();
    assertThat(queue.claim(new Claim(QUEUE, other, 1))).hasSize(1);
  }

  @Test
  void aPausedQueueMayGoOnOnOneNode() {
    insert(3, keyed("a"));
    long other = queue.join("other", TTL);
    controls.change(DEFAULT, null, QueueSettings.paused(true));

    controls.change(DEFAULT, "other", QueueSettings.paused(false));

    assertThat(claim(1)).isEmpty();
    assertThat(queue.claim(new Claim(QUEUE, other, 1))).hasSize(1);
  }

  @Test
  void theLastWordCountsForTheClusterOverWhatWasSaidForNodes() {
    controls.change(DEFAULT, NODE, new QueueSettings(false, null, 4, 70L));
    controls.change(DEFAULT, null, QueueSettings.paused(true));
    insert(TYPE.request("x"));

    assertThat(claim(1)).isEmpty();
    assertThat(notice(node)).isEqualTo(new QueueSettings(true, null, 4, 70L));

    controls.change(DEFAULT, null, QueueSettings.nodeLimit(7));
    assertThat(notice(node)).isEqualTo(new QueueSettings(true, null, 7, 70L));
    controls.change(DEFAULT, NODE, QueueSettings.started(false));
    assertThat(notice(node)).isEqualTo(new QueueSettings(true, false, 7, 70L));
    assertThat(notice(queue.join("other", TTL))).isEqualTo(new QueueSettings(true, null, 7, null));
  }

  @Test
  void aMemoryBudgetIsSaidForTheClusterOrForOneNode() {
    controls.change(DEFAULT, NODE, QueueSettings.nodeMemory(5_000_000_000L));
    controls.change(DEFAULT, "away", QueueSettings.nodeMemory(1));

    assertThat(notice(node)).isEqualTo(QueueSettings.nodeMemory(5_000_000_000L));
    assertThat(status().nodes().get(NODE).settings())
        .isEqualTo(QueueSettings.nodeMemory(5_000_000_000L));
    assertThat(status().settings()).isEqualTo(QueueSettings.NONE);

    controls.change(DEFAULT, null, QueueSettings.nodeMemory(QueueSettings.ANY_MEMORY));
    assertThat(notice(node)).isEqualTo(QueueSettings.nodeMemory(QueueSettings.ANY_MEMORY));
    assertThat(status().settings()).isEqualTo(QueueSettings.nodeMemory(QueueSettings.ANY_MEMORY));
    assertThat(status().nodes()).isEmpty();
  }

  @Test
  void noticesTellOfCancelledJobsThatTheNodeRuns() {
    insert(2, TYPE.request("x"));
    List<Lease> here = claim(1);
    long other = queue.join("other", TTL);
    Job there = queue.claim(new Claim(QUEUE, other, 1)).get(0).job();

    queue.cancel(List.of(there.id()));

    assertThat(queue.notices(other).cancelRequested()).containsExactly(there.id());
    assertThat(queue.notices(node).cancelRequested()).isEmpty();
    finish(here);
  }

  @Test
  void aNodeThatIsGoneHearsNothingElse() {
    assertThat(queue.notices(node).alive()).isTrue();
    controls.change(DEFAULT, null, QueueSettings.paused(true));

    queue.leave(node);

    assertThat(queue.notices(node)).isEqualTo(Notices.DEAD);
  }

  @Test
  void limitsOfTheCodeHoldUntilSomebodySetsOthers() {
    QueueLimits code = QueueLimits.NONE.withMaxRunning(4).withRate(RateLimit.perMinute(90));
    QueueLimits hand =
        new QueueLimits(9, 3, RateLimit.of(5, Duration.ofMillis(1_500)).withBurst(2), null);

    controls.declare(Map.of(QUEUE, code, "other", QueueLimits.NONE));
    assertThat(status().limits()).isEqualTo(code);
    assertThat(queue.notices(node).queues().get(QUEUE).limits()).isEqualTo(code);

    controls.limit(QUEUE, hand);
    controls.declare(Map.of(QUEUE, code.withMaxRunning(5)));
    assertThat(status().limits()).isEqualTo(hand);

    controls.reset(QUEUE);
    assertThat(status().limits()).isEqualTo(QueueLimits.NONE);
    assertThat(queue.notices(node).queues().get(QUEUE).declared()).isFalse();

    controls.declare(Map.of(QUEUE, code));
    assertThat(status().limits()).isEqualTo(code);
    assertThat(queue.notices(node).queues().get(QUEUE).declared()).isTrue();
  }

  @Test
  void resetForgetsAllThatWasSaid() {
    controls.change(DEFAULT, null, new QueueSettings(true, true, 3, 9L));
    controls.change(DEFAULT, NODE, new QueueSettings(true, false, 4, 8L));
    insert(TYPE.request("x"));

    controls.reset(QUEUE);

    assertThat(notice(node)).isEqualTo(QueueSettings.NONE);
    assertThat(status().settings()).isEqualTo(QueueSettings.NONE);
    assertThat(status().nodes()).isEmpty();
    assertThat(claim(1)).hasSize(1);
  }

  @Test
  void statusShowsWhoRunsWhat() {
    long other = queue.join("other", TTL);
    controls.publish(node, Map.of(QUEUE, 10, "embeddings", 5));
    controls.publish(other, Map.of(QUEUE, 3));
    controls.change(DEFAULT, "away", QueueSettings.nodeLimit(2));
    insert(5, TYPE.request("x"));
    claim(2);
    queue.claim(new Claim(QUEUE, other, 1));

    assertThat(controls.status())
        .extracting(QueueStatus::queue)
        .containsExactly(QUEUE, "embeddings");
    assertThat(status().running()).isEqualTo(3);
    assertThat(status().nodes())
        .isEqualTo(
            Map.of(
                NODE,
                new QueueStatus.OnNode(QueueSettings.NONE, 10, 2),
                "other",
                new QueueStatus.OnNode(QueueSettings.NONE, 3, 1),
                "away",
                new QueueStatus.OnNode(QueueSettings.nodeLimit(2), null, 0)));

    controls.publish(node, Map.of());
    queue.leave(other);
    assertThat(status().nodes()).containsOnlyKeys("away", NODE);
    assertThat(status().nodes().get(NODE).limit()).isNull();
    assertThat(status().running()).as("until they are rescued").isEqualTo(3);
  }

  @Test
  void runningCountsByQueueAndNode() {
    long other = queue.join("other", TTL);
    insert(3, TYPE.request("x"));
    insert(2, TYPE.withQueue("b").request("x"));
    claim(2);
    queue.claim(new Claim(QUEUE, other, 1));
    queue.claim(new Claim("b", other, 2));

    assertThat(controls.running(null, null)).isEqualTo(5);
    assertThat(controls.running(QUEUE, null)).isEqualTo(3);
    assertThat(controls.running(null, "other")).isEqualTo(3);
    assertThat(controls.running(QUEUE, NODE)).isEqualTo(2);
    assertThat(controls.running("none", null)).isZero();
  }
}
