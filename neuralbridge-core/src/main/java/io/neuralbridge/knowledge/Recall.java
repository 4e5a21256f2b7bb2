package io.neuralbridge.knowledge;

import java.util.OptionalDouble;

/**
 * What two generations found for the same queries.
 *
 * @param before the active generation's recall; empty if its model is not here, or nothing was
 *     asked whose answer is known
 * @param after the building generation's
 * @param agreement the share of the active generation's hits that the other has too; empty if it
 *     could not be told
 */
record Recall(OptionalDouble before, OptionalDouble after, OptionalDouble agreement) {

  static final Recall UNKNOWN =
      new Recall(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());
}
