package io.neuralbridge.examples.bench;

/** One way to search, by its name. */
record Contestant(String name, Search search) {

  /** Finds something; the result only keeps the compiler from skipping the work. */
  interface Search {
    float best(float[] query);
  }
}
