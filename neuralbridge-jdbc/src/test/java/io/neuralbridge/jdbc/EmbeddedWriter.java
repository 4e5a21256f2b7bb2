package io.neuralbridge.jdbc;

import io.neuralbridge.job.JobState;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.Queue;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes to an embedded database as fast as it can and says what is stored, for a JVM of its own.
 */
final class EmbeddedWriter {

  /** "inserted 7" or "settled 7". */
  static final String REPORT = "(inserted|settled) \\d+";

  private EmbeddedWriter() {}

  static ChildJvm open(Path file) throws IOException {
    return ChildJvm.start(EmbeddedWriter.class, file.toString());
  }

  public static void main(String[] args) {
    Queue queue = JdbcBackend.embedded(Path.of(args[0])).queue();
    Stream.generate(() -> queue).limit(3).forEach(q -> new Thread(() -> work(q)).start());
  }

  private static void work(Queue queue) {
    long node = queue.join("child", Duration.ofMinutes(1));
    while (true) {
      report("inserted", queue.insert(List.of(Jobs.job())).get(0).id());
      queue.claim(new Claim("default", node, 1)).stream()
          .flatMap(lease -> queue.settle(List.of(Jobs.done(lease))).stream())
          .filter(id -> queue.find(id).orElseThrow().state() == JobState.COMPLETED)
          .forEach(id -> report("settled", id));
    }
  }

  private static void report(String verb, long id) {
    ChildJvm.say(verb + " " + id);
  }
}
