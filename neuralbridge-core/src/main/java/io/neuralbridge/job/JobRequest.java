package io.neuralbridge.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A wish to run a job: its type, its arguments and the rest. Immutable; every {@code with…}, {@code
 * in} and {@code at} returns a changed copy. Defaults: those of the type, no meta, now.
 */
public record JobRequest<A>(JobType<A> type, A args, JobOptions options) {

  static <A> JobRequest<A> of(JobType<A> type, A args) {
    return new JobRequest<>(type, args, JobOptions.DEFAULTS);
  }

  public JobRequest<A> withQueue(String queue) {
    return with(type.withQueue(queue));
  }

  public JobRequest<A> withPriority(int priority) {
    return with(type.withPriority(priority));
  }

  public JobRequest<A> withMaxAttempts(int maxAttempts) {
    return with(type.withMaxAttempts(maxAttempts));
  }

  /** Replaces the type's tags. */
  public JobRequest<A> withTags(String... tags) {
    return with(type.withTags(tags));
  }

  public JobRequest<A> withMeta(Map<String, String> meta) {
    return with(options.withMeta(meta));
  }

  /** Not before {@code delay} has passed, by the store's clock. */
  public JobRequest<A> in(Duration delay) {
    return with(options.in(delay));
  }

  /** Not before {@code instant}; an instant in the past means now. */
  public JobRequest<A> at(Instant instant) {
    return with(options.at(instant));
  }

  /**
   * Whose job it is: a tenant, a document, an API account. The keys of a queue take turns, and a
   * queue may limit how many jobs of one key run at once.
   *
   * @param key 1 to 200 characters
   */
  public JobRequest<A> withKey(String key) {
    return with(options.withShare(options.share().withKey(key)));
  }

  /** How much of its queue's rate the job uses up, 1 to 1,000,000; default 1. */
  public JobRequest<A> withWeight(int weight) {
    return with(options.withShare(options.share().withWeight(weight)));
  }

  /**
   * The instant, by the store's clock, after which the job is of no use: it is not begun any more,
   * and interrupted if it runs; either way it is cancelled with the error {@code
   * deadline_exceeded}.
   */
  public JobRequest<A> withDeadline(Instant deadline) {
    return with(options.withDeadline(deadline));
  }

  /**
   * Keeps the job from being stored while another one of the same key is; replaces the type's. Not
   * for jobs that are tied to others, for which an existing one would have to stand in.
   *
   * @throws IllegalArgumentException if {@code unique} names a field that the arguments do not have
   */
  public JobRequest<A> withUnique(Unique unique) {
    return with(type.withUnique(unique));
  }

  /** Lets the job be stored any number of times, whatever its type says. */
  public JobRequest<A> withoutUnique() {
    return with(type.withoutUnique());
  }

  /**
   * Waits until these stored jobs have completed; is cancelled if one of them is cancelled or
   * discarded. Adds to what it comes after already.
   */
  public JobRequest<A> after(Job... jobs) {
    return after(FailurePolicy.CANCEL, jobs);
  }

  /** Waits until these stored jobs have completed. Adds to what it comes after already. */
  public JobRequest<A> after(FailurePolicy onFailure, Job... jobs) {
    return withTies(
        options.ties().withNeeds(Stream.of(jobs).map(j -> Need.job(j.id(), onFailure)).toList()));
  }

  /**
   * Runs after all jobs that were inserted before it with the same key, one after the other,
   * however those end.
   *
   * @param key 1 to 200 characters
   */
  public JobRequest<A> inChain(String key) {
    return withTies(options.ties().withChain(new ChainSlot(key, FailurePolicy.IGNORE)));
  }

  /** Replaces what ties it to other jobs; see {@code io.neuralbridge.flow} for what makes them. */
  public JobRequest<A> withTies(Ties ties) {
    return with(options.withTies(ties));
  }

  private JobRequest<A> with(JobType<A> type) {
    return new JobRequest<>(type, args, options);
  }

  private JobRequest<A> with(JobOptions options) {
    return new JobRequest<>(type, args, options);
  }

  /**
   * The form that a store takes, with the arguments as JSON.
   *
   * @throws InvalidArgsException if the arguments cannot be written, or are too large
   * @throws IllegalArgumentException if its {@link Unique} names what arguments or meta do not have
   */
  public NewJob toNewJob() {
    JobSpec spec =
        new JobSpec(
            type.kind(),
            type.queue(),
            type.priority(),
            type.maxAttempts(),
            ArgsJson.write(type.kind(), args),
            type.tags(),
            options.meta(),
            options.share(),
            options.deadline());
    return new NewJob(spec, options.delay(), options.runAt(), uniqueKey(spec), options.ties());
  }

  private @Nullable UniqueKey uniqueKey(JobSpec spec) {
    Unique unique = type.unique();
    return unique == null ? null : UniqueHash.key(unique, spec, type.argsType());
  }
}
