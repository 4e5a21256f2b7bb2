package io.neuralbridge.examples.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

/** Counts what a stub provider was asked and what it answered: a hash a text, not the text. */
final class ProviderLog {

  private final Map<Long, Integer> timesByHash = new HashMap<>();
  private final long cpuBefore = cpuNanos();
  private long requests;
  private long refused;
  private long broken;
  private long rejected;
  private long texts;
  private long busyNanos;

  synchronized void answered(long[] hashes, long busy) {
    requests++;
    busyNanos += busy;
    texts += hashes.length;
    for (long hash : hashes) {
      timesByHash.merge(hash, 1, Integer::sum);
    }
  }

  synchronized void failed(int status, long busy) {
    requests++;
    busyNanos += busy;
    switch (status) {
      case 429 -> refused++;
      case 500 -> broken++;
      default -> rejected++;
    }
  }

  synchronized ProviderStats stats() {
    return new ProviderStats(
        requests,
        refused,
        broken,
        rejected,
        texts,
        timesByHash.size(),
        busyNanos,
        cpuNanos() - cpuBefore);
  }

  /** What this process has spent so far. */
  static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }
}
