package io.neuralbridge.worker;

import io.neuralbridge.job.Outcome;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs many jobs of one type in one call: for services that take a hundred texts as gladly as one.
 * A node gathers due jobs until there are {@link ChunkLimits#most} of them, or the first has waited
 * for {@link ChunkLimits#longest}. This is an SPI; register it like any {@link Worker}.
 *
 * <pre>{@code
 * class EmbedTexts implements ChunkWorker<Text> {
 *   public JobType<Text> type() {
 *     return EMBED;
 *   }
 *
 *   public ChunkLimits chunkLimits() {
 *     return new ChunkLimits(64, Duration.ofMillis(200));
 *   }
 *
 *   public Function<Text, ?> chunkBy() {
 *     return Text::model;
 *   }
 *
 *   public Map<Long, Outcome> workAll(List<JobContext<Text>> texts) throws Exception {
 *     Map<Long, Outcome> outcomes = new HashMap<>();
 *     for (JobContext<Text> text : texts) {
 *       outcomes.put(text.job().id(), Outcome.completed());
 *     }
 *     return outcomes;
 *   }
 * }
 * }</pre>
 *
 * <p>Interceptors of all jobs of a call stand around it, one within the other: with <i>n</i> of
 * them a chunk is run in calls of at most 500/<i>n</i> jobs, one after the other.
 *
 * <p>A call takes one of its queue's slots on a node; limits on all nodes together count jobs. Each
 * job keeps its own attempts, timeout, deadline, retries, events and result. A job that is
 * cancelled, or whose deadline passes, while others go on ends at once, and what the call says of
 * it is ignored; its context says so. When all jobs of the call should end, its thread is
 * interrupted, and the outcomes that it then returns count. A job that was in a process that died
 * runs alone.
 */
public interface ChunkWorker<A> extends Worker<A> {

  /** How many jobs a call gets; {@link ChunkLimits#defaults} unless overridden. */
  default ChunkLimits chunkLimits() {
    return ChunkLimits.defaults();
  }

  /**
   * What the jobs of one call have in common, such as their tenant or their model: jobs whose
   * arguments give equal values run together. Null, the default, lets any of them run together.
   */
  default @Nullable Function<? super A, ?> chunkBy() {
    return null;
  }

  /**
   * Runs some jobs, in one thread.
   *
   * @param contexts at least one, at most {@link ChunkLimits#most}; jobs that were cancelled before
   *     are not among them
   * @return how each ended, by job id; a job that is not in it fails with {@link
   *     MissingOutcomeException}
   * @throws Exception all of them failed, each by its own attempts
   * @throws InterruptedException if all were asked to end
   */
  Map<Long, Outcome> workAll(List<JobContext<A>> contexts) throws Exception;

  /** Runs a chunk of one. */
  @Override
  default Outcome work(JobContext<A> context) throws Exception {
    long id = context.job().id();
    Outcome outcome = workAll(List.of(context)).get(id);
    if (outcome == null) {
      throw new MissingOutcomeException(id);
    }
    return outcome;
  }
}
