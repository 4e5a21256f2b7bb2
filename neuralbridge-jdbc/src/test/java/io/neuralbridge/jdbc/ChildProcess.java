package io.neuralbridge.jdbc;

import io.neuralbridge.job.JobState;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.Queue;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A JVM of its own with an embedded database open, to be killed. */
final class ChildProcess implements AutoCloseable {

  private final Process process;
  private final BufferedReader out;

  private ChildProcess(Process process) {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
  }

  static ChildProcess open(Path file) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder =
        new ProcessBuilder(java, "-Xmx128m", ChildProcess.class.getName(), file.toString());
    builder
        .environment()
        .put(
            "CLASSPATH",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    return new ChildProcess(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** The next "inserted 7" or "settled 7" that it reports; null after its end. */
  String next() throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.matches("(inserted|settled) \\d+")) {
        return line;
      }
    }
    return null;
  }

  /** Kills it without a chance to clean up; what it wrote before can still be read. */
  void kill() {
    process.toHandle().destroyForcibly();
  }

  @Override
  public void close() throws IOException {
    kill();
    out.close();
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

  private static synchronized void report(String verb, long id) {
    System.out.println(verb + " " + id);
    System.out.flush();
  }
}
