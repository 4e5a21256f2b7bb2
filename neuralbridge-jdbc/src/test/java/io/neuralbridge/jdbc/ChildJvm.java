package io.neuralbridge.jdbc;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own that runs a test's main class, speaks in lines, and can be done away with. */
final class ChildJvm implements AutoCloseable {

  private final Process process;
  private final BufferedReader out;

  private ChildJvm(Process process) {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
  }

  static ChildJvm start(Class<?> main, String... args) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command =
        new ArrayList<>(
            List.of(
                java, "-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", main.getName()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .put(
            "CLASSPATH",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    return new ChildJvm(builder.redirectError(ProcessBuilder.Redirect.DISCARD).start());
  }

  /** In the child: says a line at once. */
  static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  /** The next line that matches; null after its end. */
  String next(String pattern) throws IOException {
    String line = out.readLine();
    while (line != null && !line.matches(pattern)) {
      line = out.readLine();
    }
    return line;
  }

  void awaitLine(String expected) throws IOException {
    if (next(expected) == null) {
      throw new AssertionError("the process ended without saying '" + expected + "'");
    }
  }

  boolean hasEnded() {
    return !process.isAlive();
  }

  void awaitEnd() throws InterruptedException {
    process.waitFor();
  }

  /** Kills it without a chance to clean up; what it said before can still be read. */
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
}
