package io.neuralbridge.examples.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own with this one's classes. What it prints is in lines. */
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
        new ArrayList<>(List.of(java, "-Xmx256m", "-XX:+UseSerialGC", "-Xshare:auto"));
    String log = System.getProperty("neuralbridge.log");
    if (log != null) {
      command.add("-Dneuralbridge.log=" + log + "." + main.getSimpleName());
    }
    command.add(main.getName());
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("CLASSPATH", classPath());
    return new ChildJvm(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  // Surefire hides the class path in a jar's manifest.
  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  /** The next line that it prints. */
  String line() throws IOException {
    String line = out.readLine();
    if (line == null) {
      throw new IllegalStateException("a child process ended before it said anything");
    }
    return line;
  }

  /** What it printed, when it has ended as it should. */
  List<String> lines() throws IOException, InterruptedException {
    List<String> lines = out.lines().toList();
    int exitCode = process.waitFor();
    if (exitCode != 0) {
      throw new IllegalStateException(
          "a child process ended with %d: %s".formatted(exitCode, lines));
    }
    return lines;
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    out.close();
  }
}
