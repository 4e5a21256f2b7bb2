package io.neuralbridge.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.neuralbridge.NeuralBridge;
import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.Worker;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * A node in a JVM of its own, whose one job never ends by itself; to be killed, or stopped and
 * continued.
 */
final class ClusterNode implements AutoCloseable {

  static final Duration BEAT = Duration.ofMillis(200);
  static final Duration TIME_TO_LIVE = Duration.ofSeconds(1);

  private final Process process;
  private final BufferedReader out;

  private ClusterNode(Process process) {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
  }

  static ClusterNode start(HikariDataSource dataSource) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String schema = dataSource.getDataSourceProperties().getProperty("currentSchema");
    ProcessBuilder builder =
        new ProcessBuilder(
            java, "-Xmx128m", ClusterNode.class.getName(), dataSource.getJdbcUrl(), schema);
    builder
        .environment()
        .put(
            "CLASSPATH",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    return new ClusterNode(builder.redirectError(ProcessBuilder.Redirect.DISCARD).start());
  }

  /** Waits until it says so. */
  void awaitLine(String expected) throws IOException {
    for (String line = out.readLine(); !expected.equals(line); line = out.readLine()) {
      if (line == null) {
        throw new AssertionError("the node ended without saying '" + expected + "'");
      }
    }
  }

  void awaitEnd() throws InterruptedException {
    process.waitFor();
  }

  void kill() {
    process.toHandle().destroyForcibly();
  }

  /** Sends a signal such as {@code STOP} or {@code CONT}. */
  void signal(String name) throws IOException, InterruptedException {
    String pid = Long.toString(process.pid());
    int exitCode = new ProcessBuilder("kill", "-" + name, pid).start().waitFor();
    if (exitCode != 0) {
      throw new AssertionError("kill -" + name + " failed with " + exitCode);
    }
  }

  @Override
  public void close() throws IOException {
    kill();
    out.close();
  }

  public static void main(String[] args) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(args[0]);
    config.addDataSourceProperty("currentSchema", args[1]);
    NeuralBridge.builder()
        .store(JdbcBackend.of(new HikariDataSource(config)).queue())
        .worker(new Endless())
        .heartbeat(BEAT, TIME_TO_LIVE)
        .shutdownGrace(Duration.ofMillis(100))
        .listener(ClusterNode::report)
        .build()
        .start();
  }

  private static void report(JobEvent event) {
    if (event instanceof JobEvent.Started) {
      say("started " + event.job().id());
    } else if (event instanceof JobEvent.Refused) {
      say("refused " + event.job().id());
    }
  }

  private static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private static final class Endless implements Worker<String> {
    @Override
    public JobType<String> type() {
      return Jobs.TYPE;
    }

    @Override
    public Outcome work(JobContext<String> context) throws InterruptedException {
      new CountDownLatch(1).await();
      return Outcome.completed("never");
    }
  }
}
