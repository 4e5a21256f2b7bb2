package io.neuralbridge.queue;

import io.neuralbridge.job.JobType;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of one priority that have waited for a number of ageing periods. Bands in their order
 * are the order in which a queue's jobs begin: by the priority that is left when a level is taken
 * off for each period; then who waited for longer; then by the priority that they were given.
 *
 * @param age whole periods; the last one that counts stands for all that are more
 */
public record Band(int priority, int age) implements Comparable<Band> {

  private static final int OLDEST = JobType.LOWEST_PRIORITY;

  private static final Comparator<Band> ORDER =
      Comparator.comparing((Band band) -> Math.max(0, band.priority - band.age))
          .thenComparing(Band::age, Comparator.reverseOrder())
          .thenComparing(Band::priority);

  @Override
  public int compareTo(Band other) {
    return ORDER.compare(this, other);
  }

  /** The band of a job. */
  public static Band of(int priority, Instant runAt, Instant now, @Nullable Duration ageing) {
    return new Band(priority, age(runAt, now, ageing));
  }

  /**
   * The stretches of waiting time, in the order of their jobs, that hold all due jobs of a queue.
   *
   * @param heads its first waiting jobs; what is due now of other priorities is found as well
   */
  public static List<Range> ranges(List<Head> heads, Instant now, @Nullable Duration ageing) {
    Map<Integer, Integer> oldest = new TreeMap<>();
    for (int priority = 0; priority <= JobType.LOWEST_PRIORITY; priority++) {
      oldest.put(priority, 0);
    }
    heads.forEach(head -> oldest.merge(head.priority(), age(head.runAt(), now, ageing), Math::max));
    return oldest.entrySet().stream()
        .flatMap(of -> upTo(of.getKey(), of.getValue()))
        .sorted()
        .map(band -> band.range(ageing, oldest.getOrDefault(band.priority, 0)))
        .toList();
  }

  private static Stream<Band> upTo(int priority, int oldest) {
    return IntStream.rangeClosed(0, oldest).mapToObj(age -> new Band(priority, age));
  }

  private Range range(@Nullable Duration ageing, int oldest) {
    return ageing == null
        ? new Range(priority, Duration.ZERO, null)
        : new Range(
            priority,
            ageing.multipliedBy(age),
            age == oldest ? null : ageing.multipliedBy(age + 1L));
  }

  private static int age(Instant runAt, Instant now, @Nullable Duration ageing) {
    if (ageing == null || !runAt.isBefore(now)) {
      return 0;
    }
    return (int) Math.min(OLDEST, Duration.between(runAt, now).dividedBy(ageing));
  }

  /**
   * The jobs of one priority that have waited for so long.
   *
   * @param from inclusive
   * @param to exclusive; null for no bound
   */
  public record Range(int priority, Duration from, @Nullable Duration to) {}
}
