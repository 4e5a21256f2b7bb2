package io.neuralbridge.job;

import org.jspecify.annotations.Nullable;

/**
 * A new job's place in a flow.
 *
 * @param name what it is called in the flow, unique there; null if it has no name
 * @param callback what it waits for if it is a callback, which is not counted among the flow's
 *     jobs; null for an ordinary job
 */
public record Membership(FlowRef flow, @Nullable String name, @Nullable FlowEvent callback) {

  public Membership {
    if (name != null) {
      Names.require("job name", name);
    }
  }

  /** An ordinary job without a name. */
  public static Membership of(FlowRef flow) {
    return new Membership(flow, null, null);
  }
}
