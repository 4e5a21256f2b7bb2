package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How many jobs begin in a time on all nodes together, in simulated time. */
public abstract class RateLimitContract extends QueueLab {

  private void rate(RateLimit rate) {
    limit(QueueLimits.NONE.withRate(rate));
  }

  @Test
  void theBurstIsThereAtOnceAndTheRestComesSteadily() {
    rate(RateLimit.perSecond(1).withBurst(3));
    insert(20, TYPE.request("x"));

    assertThat(claim(10)).hasSize(3);
    assertThat(claim(10)).isEmpty();
    clock.advance(Duration.ofMillis(999));
    assertThat(claim(10)).isEmpty();
    clock.advance(Duration.ofMillis(1));
    assertThat(claim(10)).hasSize(1);
    clock.advance(Duration.ofMillis(2_500));
    assertThat(claim(10)).hasSize(2);
    clock.advance(Duration.ofMillis(500));
    assertThat(claim(10)).hasSize(1);
  }

  @Test
  void whatIsNotUsedIsKeptUpToTheBurst() {
    rate(RateLimit.perMinute(60).withBurst(5));
    insert(20, TYPE.request("x"));
    assertThat(claim(10)).hasSize(5);

    clock.advance(Duration.ofHours(3));

    assertThat(claim(10)).hasSize(5);
  }

  @Test
  void heavyJobsTakeMorePermits() {
    rate(RateLimit.perMinute(60_000).withBurst(10_000));
    insert(3, TYPE.request("x").withWeight(4_000));

    assertThat(claim(10)).hasSize(2);
    assertThat(queue.untilNextDue(QUEUE)).contains(Duration.ofSeconds(2));
    clock.advance(Duration.ofSeconds(2));
    assertThat(claim(10)).hasSize(1);
  }

  @Test
  void aJobHeavierThanTheBurstWaitsForAFullBucketAndLeavesADebt() {
    rate(RateLimit.perSecond(10).withBurst(10));
    insert(TYPE.request("x"));
    assertThat(claim(1)).hasSize(1);
    long heavy = insert(TYPE.request("x").withWeight(50)).id();
    insert(TYPE.request("x"));

    assertThat(claim(10)).as("the bucket is not full, and nobody overtakes").isEmpty();
    clock.advance(Duration.ofMillis(100));
    assertThat(ids(claim(10))).containsExactly(heavy);

    assertThat(queue.untilNextDue(QUEUE)).contains(Duration.ofMillis(4_100));
    clock.advance(Duration.ofMillis(4_099));
    assertThat(claim(10)).isEmpty();
    clock.advance(Duration.ofMillis(1));
    assertThat(claim(10)).hasSize(1);
  }

  @Test
  void whoWaitsForAPermitKnowsHowLong() {
    rate(RateLimit.of(1, Duration.ofSeconds(10)));
    insert(2, TYPE.request("x"));
    claim(10);

    assertThat(queue.untilNextDue(QUEUE)).contains(Duration.ofSeconds(10));
    clock.advance(Duration.ofSeconds(4));
    assertThat(queue.untilNextDue(QUEUE)).contains(Duration.ofSeconds(6));
    clock.advance(Duration.ofSeconds(6));
    assertThat(queue.untilNextDue(QUEUE)).contains(Duration.ZERO);
  }

  @Test
  void twoNodesTogetherNeverExceedRateTimesTimePlusBurst() {
    RateLimit rate = RateLimit.of(7, Duration.ofSeconds(3)).withBurst(11);
    rate(rate);
    insert(500, TYPE.request("x").withWeight(2));
    insert(500, keyed("a").withWeight(3));
    List<Long> nodes = List.of(node, queue.join("other", TTL));
    Random random = new Random(5);
    Duration passed = Duration.ZERO;
    long begun = 0;
    while (passed.compareTo(Duration.ofMinutes(10)) < 0) {
      for (long each : nodes) {
        for (Lease lease : queue.claim(new Claim(QUEUE, each, 1 + random.nextInt(6)))) {
          begun += lease.job().spec().share().weight();
        }
      }
      assertThat((double) begun).isLessThanOrEqualTo(7 * seconds(passed) / 3 + 11);
      Duration step = Duration.ofMillis(random.nextInt(2_000));
      clock.advance(step);
      passed = passed.plus(step);
    }
    assertThat((double) begun).as("nothing is lost either").isGreaterThan(7 * 600 / 3.0 - 11);
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1_000.0;
  }

  @Test
  void aNewRateHoldsFromTheNextClaimOn() {
    rate(RateLimit.of(1, Duration.ofHours(1)));
    insert(20, TYPE.request("x"));
    assertThat(claim(10)).hasSize(1);

    rate(RateLimit.perSecond(5));
    assertThat(claim(10)).as("as empty as it was").isEmpty();
    clock.advance(Duration.ofSeconds(1));
    assertThat(claim(10)).hasSize(5);

    limit(QueueLimits.NONE);
    assertThat(claim(10)).hasSize(10);
  }
}
