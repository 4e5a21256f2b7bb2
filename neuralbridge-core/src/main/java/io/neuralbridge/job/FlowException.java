package io.neuralbridge.job;

import java.util.Collection;
import java.util.List;

/** Jobs that cannot be tied to others as was asked; nothing was stored. */
public final class FlowException extends JobException {

  /** A job that a new one needs is not there. */
  public static final String JOB_NOT_FOUND = "job_not_found";

  /** There is no such flow, or it has been pruned. */
  public static final String FLOW_NOT_FOUND = "flow_not_found";

  /** The batch has ended, and its callbacks with it. */
  public static final String FLOW_FINISHED = "flow_finished";

  /** A job of the flow has this name already. */
  public static final String NAME_TAKEN = "name_taken";

  private static final int SHOWN = 5;

  private FlowException(String code, String message) {
    super(code, message);
  }

  public static FlowException jobsNotFound(Collection<Long> ids) {
    return new FlowException(
        JOB_NOT_FOUND,
        "no job %s to wait for: it was never stored, or has been pruned or deleted"
            .formatted(some(ids)));
  }

  public static FlowException notFound(long flow) {
    return new FlowException(
        FLOW_NOT_FOUND,
        "no workflow or batch %d: it was never stored, or has been pruned".formatted(flow));
  }

  public static FlowException finished(long flow) {
    return new FlowException(
        FLOW_FINISHED,
        "batch %d has finished and takes no more jobs: add them while it is open or while one of its jobs runs"
            .formatted(flow));
  }

  public static FlowException namesTaken(long flow, Collection<String> names) {
    return new FlowException(
        NAME_TAKEN,
        "workflow %d has a job named '%s' already: choose another name"
            .formatted(flow, some(names)));
  }

  private static String some(Collection<?> all) {
    List<String> shown = all.stream().limit(SHOWN).map(String::valueOf).toList();
    return String.join(", ", shown) + (all.size() > SHOWN ? ", …" : "");
  }
}
