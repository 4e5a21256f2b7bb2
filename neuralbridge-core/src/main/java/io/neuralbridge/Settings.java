package io.neuralbridge;

import java.time.Duration;
import java.util.List;

/** How a node behaves, apart from its queues. Elapsed time is this node's own, monotonic. */
record Settings(
    String nodeName,
    Duration pollInterval,
    Duration heartbeatInterval,
    Duration nodeTimeToLive,
    Duration shutdownGrace,
    Duration retention,
    int maxCrashes) {

  private static final Duration LONGEST = Duration.ofDays(36_500);

  Settings {
    if (nodeName.isBlank() || nodeName.length() > 200) {
      throw new IllegalArgumentException(
          "a node's name must be 1 to 200 characters: '" + nodeName + "'");
    }
    requirePositive("pollInterval", pollInterval);
    requirePositive("heartbeat interval", heartbeatInterval);
    if (nodeTimeToLive.compareTo(heartbeatInterval.multipliedBy(3)) < 0) {
      throw new IllegalArgumentException(
          "a node's time to live (%s) must be at least three heartbeat intervals (%s), or a short pause costs it its jobs"
              .formatted(nodeTimeToLive, heartbeatInterval));
    }
    requireNotNegative("shutdownGrace", shutdownGrace);
    requireNotNegative("retention", retention);
    for (Duration duration : List.of(pollInterval, nodeTimeToLive, shutdownGrace, retention)) {
      requireNotEndless(duration);
    }
    if (maxCrashes < 1) {
      throw new IllegalArgumentException("maxCrashes must be at least 1: " + maxCrashes);
    }
  }

  private static void requirePositive(String what, Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(what + " must be positive: " + duration);
    }
  }

  private static void requireNotNegative(String what, Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException(what + " must not be negative: " + duration);
    }
  }

  // Counted in nanoseconds, an endless duration overflows and would end a loop.
  private static void requireNotEndless(Duration duration) {
    if (duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "%s is too long: at most %d days".formatted(duration, LONGEST.toDays()));
    }
  }

  static Settings defaults() {
    return new Settings(
        ProcessHandle.current().pid() + "@" + hostName(),
        Duration.ofMillis(250),
        Duration.ofSeconds(5),
        Duration.ofSeconds(20),
        Duration.ofSeconds(15),
        Duration.ofDays(7),
        3);
  }

  Settings withNodeName(String nodeName) {
    return new Settings(
        nodeName,
        pollInterval,
        heartbeatInterval,
        nodeTimeToLive,
        shutdownGrace,
        retention,
        maxCrashes);
  }

  Settings withPollInterval(Duration pollInterval) {
    return new Settings(
        nodeName,
        pollInterval,
        heartbeatInterval,
        nodeTimeToLive,
        shutdownGrace,
        retention,
        maxCrashes);
  }

  Settings withShutdownGrace(Duration shutdownGrace) {
    return new Settings(
        nodeName,
        pollInterval,
        heartbeatInterval,
        nodeTimeToLive,
        shutdownGrace,
        retention,
        maxCrashes);
  }

  Settings withRetention(Duration retention) {
    return new Settings(
        nodeName,
        pollInterval,
        heartbeatInterval,
        nodeTimeToLive,
        shutdownGrace,
        retention,
        maxCrashes);
  }

  Settings withMaxCrashes(int maxCrashes) {
    return new Settings(
        nodeName,
        pollInterval,
        heartbeatInterval,
        nodeTimeToLive,
        shutdownGrace,
        retention,
        maxCrashes);
  }

  Settings withHeartbeat(Duration heartbeatInterval, Duration nodeTimeToLive) {
    return new Settings(
        nodeName,
        pollInterval,
        heartbeatInterval,
        nodeTimeToLive,
        shutdownGrace,
        retention,
        maxCrashes);
  }

  private static String hostName() {
    String name = System.getenv("HOSTNAME");
    return name == null || name.isBlank() ? "localhost" : name;
  }
}
