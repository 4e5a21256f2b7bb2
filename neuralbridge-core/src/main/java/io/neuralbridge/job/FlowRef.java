package io.neuralbridge.job;

import java.util.UUID;

/** The flow that a new job belongs to. */
public sealed interface FlowRef {

  /** One that is stored already. */
  record Stored(long id) implements FlowRef {}

  /**
   * One that begins with this insertion. All jobs of one insertion whose references are equal share
   * it.
   *
   * @param key tells flows of one insertion apart; not stored
   * @param name for people to read, need not be unique; 1 to 200 characters
   * @param open whether more jobs are to come, so that it cannot finish before it is {@linkplain
   *     Flows#seal sealed}
   */
  record Fresh(UUID key, FlowKind kind, String name, boolean open) implements FlowRef {

    private static final int MAX_NAME = 200;

    public Fresh {
      if (name.isBlank() || name.length() > MAX_NAME) {
        throw new IllegalArgumentException(
            "the name of a workflow or batch must be 1 to %d characters and not blank: '%s'"
                .formatted(
                    MAX_NAME, name.length() > MAX_NAME ? name.substring(0, MAX_NAME) + "…" : name));
      }
    }

    public static Fresh of(FlowKind kind, String name, boolean open) {
      return new Fresh(UUID.randomUUID(), kind, name, open);
    }
  }
}
