package io.neuralbridge.job;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs are meant. {@link #all} means every one; each {@code with…} returns a narrower copy,
 * or one that says something else about the same property. A job must meet all that is said.
 *
 * <p>A set that is null says nothing; an empty one is met by no job, so that a list of ids that
 * came out empty never means all jobs.
 *
 * @param states in one of these states
 * @param queues in one of these queues
 * @param kinds of one of these kinds
 * @param priorities of one of these priorities
 * @param ids one of these
 * @param labels what its tags, meta and key must say
 * @param times when it was created, is or was due, and finished
 */
public record JobFilter(
    @Nullable Set<JobState> states,
    @Nullable Set<String> queues,
    @Nullable Set<String> kinds,
    @Nullable Set<Integer> priorities,
    @Nullable Set<Long> ids,
    Labels labels,
    Times times) {

  private static final JobFilter ALL =
      new JobFilter(null, null, null, null, null, Labels.ANY, Times.ANY);

  public JobFilter {
    states = sorted(states);
    queues = names("queue", queues);
    kinds = names("kind", kinds);
    priorities = sorted(priorities);
    ids = sorted(ids);
    if (priorities != null) {
      priorities.forEach(JobSpec::requirePriority);
    }
  }

  /**
   * What was said of a job to find it by.
   *
   * @param anyTag has at least one of these tags; null says nothing
   * @param allTags has all of these tags
   * @param meta has all of these keys with these values
   * @param key is this key's; null says nothing
   */
  public record Labels(
      @Nullable Set<String> anyTag,
      Set<String> allTags,
      Map<String, String> meta,
      @Nullable String key) {

    static final Labels ANY = new Labels(null, Set.of(), Map.of(), null);

    public Labels {
      anyTag = names("tag", anyTag);
      allTags = JobSpec.requireTags(allTags);
      meta = JobSpec.requireMeta(meta);
    }

    boolean match(JobSpec spec) {
      return (anyTag == null || !Collections.disjoint(anyTag, spec.tags()))
          && spec.tags().containsAll(allTags)
          && spec.meta().entrySet().containsAll(meta.entrySet())
          && (key == null || key.equals(spec.share().key()));
    }
  }

  /**
   * When things happened to a job, by the store's clock.
   *
   * @param due when it may run, or might
   * @param finished when it became final; a range here leaves out what is not final
   */
  public record Times(TimeRange created, TimeRange due, TimeRange finished) {

    static final Times ANY = new Times(TimeRange.ANY, TimeRange.ANY, TimeRange.ANY);

    boolean match(Job job) {
      return created.contains(job.createdAt())
          && due.contains(job.runAt())
          && finished.contains(job.finishedAt());
    }
  }

  /** Every job. */
  public static JobFilter all() {
    return ALL;
  }

  public JobFilter withStates(JobState... states) {
    return new JobFilter(setOf(states), queues, kinds, priorities, ids, labels, times);
  }

  public JobFilter withQueues(String... queues) {
    return new JobFilter(states, setOf(queues), kinds, priorities, ids, labels, times);
  }

  public JobFilter withKinds(String... kinds) {
    return new JobFilter(states, queues, setOf(kinds), priorities, ids, labels, times);
  }

  public JobFilter withPriorities(Integer... priorities) {
    return new JobFilter(states, queues, kinds, setOf(priorities), ids, labels, times);
  }

  /** Only these jobs, if they meet the rest; those that are not there are left out. */
  public JobFilter withIds(Collection<Long> ids) {
    return new JobFilter(states, queues, kinds, priorities, new TreeSet<>(ids), labels, times);
  }

  /** Jobs that have at least one of these tags. */
  public JobFilter withAnyTag(String... tags) {
    return with(new Labels(setOf(tags), labels.allTags, labels.meta, labels.key));
  }

  /** Jobs that have all of these tags. */
  public JobFilter withAllTags(String... tags) {
    return with(new Labels(labels.anyTag, setOf(tags), labels.meta, labels.key));
  }

  /** Jobs whose meta has this value under this key, beside what was asked for already. */
  public JobFilter withMeta(String key, String value) {
    Map<String, String> meta = new TreeMap<>(labels.meta);
    meta.put(key, value);
    return with(new Labels(labels.anyTag, labels.allTags, meta, labels.key));
  }

  /** Jobs of one tenant, document or API account. */
  public JobFilter withKey(String key) {
    return with(new Labels(labels.anyTag, labels.allTags, labels.meta, key));
  }

  public JobFilter withCreated(TimeRange created) {
    return with(new Times(created, times.due, times.finished));
  }

  public JobFilter withDue(TimeRange due) {
    return with(new Times(times.created, due, times.finished));
  }

  /** Final jobs that ended in this range. */
  public JobFilter withFinished(TimeRange finished) {
    return with(new Times(times.created, times.due, finished));
  }

  private JobFilter with(Labels labels) {
    return new JobFilter(states, queues, kinds, priorities, ids, labels, times);
  }

  private JobFilter with(Times times) {
    return new JobFilter(states, queues, kinds, priorities, ids, labels, times);
  }

  /** Whether a job, as it stands here, is meant. */
  public boolean matches(Job job) {
    return meets(states, job.state())
        && meets(queues, job.queue())
        && meets(kinds, job.kind())
        && meets(priorities, job.spec().priority())
        && meets(ids, job.id())
        && labels.match(job.spec())
        && times.match(job);
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  private static <T> Set<T> setOf(T... values) {
    return Set.copyOf(List.of(values));
  }

  private static <T> boolean meets(@Nullable Set<T> wanted, T value) {
    return wanted == null || wanted.contains(value);
  }

  private static @Nullable Set<String> names(String what, @Nullable Set<String> names) {
    if (names != null) {
      names.forEach(name -> Names.require(what, name));
    }
    return sorted(names);
  }

  private static <T extends Comparable<T>> @Nullable Set<T> sorted(@Nullable Set<T> set) {
    return set == null ? null : Collections.unmodifiableSet(new TreeSet<>(set));
  }
}
