package io.neuralbridge.examples;

import io.neuralbridge.embedding.LocalEmbeddingModel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The example, in a process of its own that tells each text it embeds before it goes on. */
final class WatchedIngest {

  static final String EMBEDDED = "@embedded ";

  private WatchedIngest() {}

  public static void main(String[] args) {
    ObservedModel telling = new ObservedModel(LocalEmbeddingModel.create(), WatchedIngest::tell);
    System.exit(IngestFolder.run(args, telling, System.out, System.err));
  }

  private static void tell(List<String> texts) {
    texts.forEach(text -> System.out.println(EMBEDDED + text.replace("\n", " ")));
    // Slow enough that a kill finds every stage of the work under way.
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
  }
}
