package io.neuralbridge;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How a node behaves, apart from its queues. The builder sets it, each value checked when it is
 * set; the engine only reads it. Elapsed time is this node's own, monotonic.
 */
final class Settings {

  private static final Duration LONGEST = Duration.ofDays(36_500);

  private String nodeName = ProcessHandle.current().pid() + "@" + hostName();
  private Duration pollInterval = Duration.ofMillis(250);
  private Duration heartbeatInterval = Duration.ofSeconds(5);
  private Duration nodeTimeToLive = Duration.ofSeconds(20);
  private Duration noticeInterval = Duration.ofSeconds(1);
  private Duration lifeline = Duration.ofMinutes(30);
  private Duration shutdownGrace = Duration.ofSeconds(15);
  private Duration interruptGrace = Duration.ofSeconds(5);
  private Retention retention = Retention.of(Duration.ofDays(7));
  private @Nullable JobArchive archive;
  private int maxCrashes = 3;
  private LongSupplier nanos = System::nanoTime;

  String nodeName() {
    return nodeName;
  }

  void nodeName(String nodeName) {
    if (nodeName.isBlank() || nodeName.length() > 200) {
      throw new IllegalArgumentException(
          "a node's name must be 1 to 200 characters: '" + nodeName + "'");
    }
    this.nodeName = nodeName;
  }

  Duration pollInterval() {
    return pollInterval;
  }

  void pollInterval(Duration pollInterval) {
    this.pollInterval = positive("pollInterval", pollInterval);
  }

  Duration heartbeatInterval() {
    return heartbeatInterval;
  }

  Duration nodeTimeToLive() {
    return nodeTimeToLive;
  }

  void heartbeat(Duration interval, Duration timeToLive) {
    positive("heartbeat interval", interval);
    positive("a node's time to live", timeToLive);
    if (timeToLive.compareTo(interval.multipliedBy(3)) < 0) {
      throw new IllegalArgumentException(
          "a node's time to live (%s) must be at least three heartbeat intervals (%s), or a short pause costs it its jobs"
              .formatted(timeToLive, interval));
    }
    if (timeToLive.compareTo(lifeline) > 0) {
      throw new IllegalArgumentException(
          "a node's time to live (%s) must be at most %s: so long the jobs of a node that died would wait"
              .formatted(timeToLive, lifeline));
    }
    this.heartbeatInterval = interval;
    this.nodeTimeToLive = timeToLive;
  }

  /**
   * How long a beat that failed may wait for its next try: short, or an outage of the store would
   * last longer here than there.
   */
  Duration longestPauseOfABeat() {
    return heartbeatInterval.dividedBy(5);
  }

  /**
   * How long the store may have been silent before every node must be thought to be late: one that
   * lives may then beat too late, although it does so as soon as the store is back.
   */
  Duration nodesMayBeLateAfter() {
    return nodeTimeToLive.minus(heartbeatInterval.multipliedBy(3).dividedBy(2));
  }

  Duration noticeInterval() {
    return noticeInterval;
  }

  void noticeInterval(Duration noticeInterval) {
    this.noticeInterval = positive("noticeInterval", noticeInterval);
  }

  /** For tests, whose clocks jump further than a node may be silent. */
  void lifeline(Duration lifeline) {
    this.lifeline = lifeline;
  }

  Duration shutdownGrace() {
    return shutdownGrace;
  }

  void shutdownGrace(Duration shutdownGrace) {
    this.shutdownGrace = notNegative("shutdownGrace", shutdownGrace);
  }

  Duration interruptGrace() {
    return interruptGrace;
  }

  void interruptGrace(Duration interruptGrace) {
    this.interruptGrace = notNegative("interruptGrace", interruptGrace);
  }

  Retention retention() {
    return retention;
  }

  void retention(Retention retention) {
    this.retention = retention;
  }

  @Nullable JobArchive archive() {
    return archive;
  }

  void archive(JobArchive archive) {
    this.archive = archive;
  }

  int maxCrashes() {
    return maxCrashes;
  }

  void maxCrashes(int maxCrashes) {
    if (maxCrashes < 1) {
      throw new IllegalArgumentException("maxCrashes must be at least 1: " + maxCrashes);
    }
    this.maxCrashes = maxCrashes;
  }

  /** Elapsed time, by which jobs wait for others of their chunk. */
  LongSupplier nanos() {
    return nanos;
  }

  void nanos(LongSupplier nanos) {
    this.nanos = nanos;
  }

  private static Duration positive(String what, Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(what + " must be positive: " + duration);
    }
    return notEndless(duration);
  }

  private static Duration notNegative(String what, Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException(what + " must not be negative: " + duration);
    }
    return notEndless(duration);
  }

  // Counted in nanoseconds, an endless duration overflows and would end a loop.
  private static Duration notEndless(Duration duration) {
    if (duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "%s is too long: at most %d days".formatted(duration, LONGEST.toDays()));
    }
    return duration;
  }

  private static String hostName() {
    String name = System.getenv("HOSTNAME");
    return name == null || name.isBlank() ? "localhost" : name;
  }
}
