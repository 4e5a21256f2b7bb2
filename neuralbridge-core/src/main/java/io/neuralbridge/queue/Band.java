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

  /** All bands that may hold due jobs, in their order, if these are the first waiting jobs. */
  public static List<Band> all(List<Head> heads, Instant now, @Nullable Duration ageing) {
    Map<Integer, Integer> oldest = new TreeMap<>();
    for (Head head : heads) {
      oldest.merge(head.priority(), age(head.runAt(), now, ageing), Math::max);
    }
    return IntStream.rangeClosed(0, JobType.LOWEST_PRIORITY)
        .boxed()
        .flatMap(priority -> upTo(priority, oldest.getOrDefault(priority, 0)))
        .sorted()
        .toList();
  }

  private static Stream<Band> upTo(int priority, int oldest) {
    return IntStream.rangeClosed(0, oldest).mapToObj(age -> new Band(priority, age));
  }

  private static int age(Instant runAt, Instant now, @Nullable Duration ageing) {
    if (ageing == null || !runAt.isBefore(now)) {
      return 0;
    }
    return (int) Math.min(OLDEST, Duration.between(runAt, now).dividedBy(ageing));
  }

  /** How long its jobs have waited at least. */
  public Duration from(@Nullable Duration ageing) {
    return ageing == null ? Duration.ZERO : ageing.multipliedBy(age);
  }

  /** How long its jobs have waited less than; null for no bound. */
  public @Nullable Duration to(@Nullable Duration ageing) {
    return ageing == null || age == OLDEST ? null : ageing.multipliedBy(age + 1L);
  }
}
