package io.neuralbridge.queue;

import io.neuralbridge.job.FailurePolicy;
import io.neuralbridge.job.FlowEvent;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobState;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What becomes of jobs that wait for others, and why: the same in every store. */
public final class Staging {

  /** What becomes of a callback that waits for its flow. */
  public enum Verdict {
    WAIT,
    RUN,
    GIVE_UP
  }

  private Staging() {}

  /**
   * Whether a new job of a chain waits for the one before it.
   *
   * @param tail the last job's state; null if it is gone
   */
  public static boolean waitsForTail(@Nullable JobState tail, FailurePolicy policy) {
    if (tail == null || tail == JobState.COMPLETED) {
      return false;
    }
    return !tail.isFinal() || policy == FailurePolicy.HOLD;
  }

  /**
   * The verdict on a callback.
   *
   * @param finished whether all jobs of its flow are final, and no more are to come
   * @param failed whether one of them was cancelled or discarded
   */
  public static Verdict onCallback(FlowEvent awaited, boolean finished, boolean failed) {
    boolean happened =
        switch (awaited) {
          case COMPLETED -> finished && !failed;
          case FAILED -> failed;
          case FINISHED -> finished;
        };
    if (happened) {
      return Verdict.RUN;
    }
    return finished ? Verdict.GIVE_UP : Verdict.WAIT;
  }

  /**
   * Why a job was given up that needed another.
   *
   * @param ended the needed job's final state; null if it is gone
   */
  public static JobError dependencyFailed(
      int attempt, long needed, @Nullable JobState ended, Instant at) {
    String fate = ended == null ? "gone" : ended.name().toLowerCase(Locale.ROOT);
    return JobError.of(
        attempt,
        at,
        "dependency_failed",
        "job %d, which it needs, is %s; retry both to run it".formatted(needed, fate));
  }

  /** Why a callback was given up. */
  public static JobError notNeeded(int attempt, FlowEvent awaited, long flow, Instant at) {
    String reason =
        awaited == FlowEvent.FAILED ? "finished without a failure" : "finished with a failure";
    return JobError.of(attempt, at, "not_needed", "batch %d %s".formatted(flow, reason));
  }
}
