package io.neuralbridge.worker;

import io.neuralbridge.job.Outcome;
import java.util.List;
import java.util.Map;

/**
 * Runs many jobs of one type in one call: for services that take a hundred texts as gladly as one.
 * A node gathers due jobs until there are {@link ChunkLimits#most} of them or the first has waited
 * for {@link ChunkLimits#longest}; one chunk takes one slot of its queue. This is an SPI.
 *
 * <p>Each job keeps its own attempts, retries and cancellation. The thread is interrupted when all
 * jobs of the chunk should end; while some should, their contexts say so.
 */
public interface ChunkWorker<A> extends Worker<A> {

  /** How many jobs a call gets; {@link ChunkLimits#defaults} unless overridden. */
  default ChunkLimits chunkLimits() {
    return ChunkLimits.defaults();
  }

  /**
   * Runs some jobs.
   *
   * @param contexts at least one, at most {@link ChunkLimits#most}
   * @return how each ended, by job id; a job that is missing has failed
   * @throws Exception all of them failed
   * @throws InterruptedException if all should end
   */
  Map<Long, Outcome> workAll(List<JobContext<A>> contexts) throws Exception;

  /** Runs a chunk of one. */
  @Override
  default Outcome work(JobContext<A> context) throws Exception {
    Outcome outcome = workAll(List.of(context)).get(context.job().id());
    if (outcome == null) {
      throw new MissingOutcomeException(context.job().id());
    }
    return outcome;
  }
}
