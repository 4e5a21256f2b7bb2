package io.neuralbridge.jdbc.testing;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A PostgreSQL of one test's own, from the binaries of Maven Central, that can be crashed. Stops
 * when it is closed.
 */
public final class PrivatePostgres implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final EmbeddedPostgres postgres;
  private final Path data;
  private Process process;

  private PrivatePostgres(EmbeddedPostgres postgres, Path data) {
    this.postgres = postgres;
    this.data = data;
    this.process = postgres.getProcess();
  }

  // The binaries' own default loses commits in a crash that it has acknowledged; the operating
  // system does not crash here, so that nothing need be forced to the disk.
  /** Starts one; where there are no binaries for this machine the caller is skipped, visibly. */
  public static PrivatePostgres start() throws IOException {
    try {
      Path data = Files.createTempDirectory("nb-postgres");
      return new PrivatePostgres(
          EmbeddedPostgres.builder()
              .setDataDirectory(data)
              .setCleanDataDirectory(true)
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("fsync", "off")
              .setServerConfig("log_min_messages", "fatal")
              .start(),
          data);
    } catch (RuntimeException e) {
      String reason = "no PostgreSQL that may be crashed: " + e;
      if (PostgresDatabase.isRequired()) {
        fail(reason);
      }
      return abort(reason);
    }
  }

  /** Its URL, with the user in it. */
  public String url() {
    return postgres.getJdbcUrl("postgres", "postgres");
  }

  /**
   * Ends it as {@code pg_ctl -m immediate} does: no connection is told, nothing is written, and the
   * next start recovers from the log.
   */
  public void crash() throws IOException, InterruptedException {
    String pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0).trim();
    new ProcessBuilder("kill", "-QUIT", pid).start().waitFor();
    process.waitFor();
  }

  /**
   * Starts it again after a crash, once more if it ends at once: its port may be taken for a moment
   * by whoever tried to connect while nobody listened. Returns when it answers.
   *
   * @throws IllegalStateException if it does not answer within a minute, with what it said last
   */
  public void startAgain() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    if (LinuxUtils.isUnshareAvailable()) {
      command.addAll(List.of("unshare", "-U"));
    }
    command.addAll(lastCommand());
    Path output = data.resolve("restart.log");
    long end = System.nanoTime() + PATIENCE.toNanos();
    process = start(command, output);
    while (!answers()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            "PostgreSQL did not come back; it said: " + Files.readString(output));
      }
      if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
        process = start(command, output);
      }
    }
  }

  private static Process start(List<String> command, Path output) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
        .start();
  }

  private boolean answers() {
    try (Connection connection =
        DriverManager.getConnection(url() + "&connectTimeout=2&socketTimeout=5")) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  // The server notes how it was started: program, then each argument in double quotes.
  private List<String> lastCommand() throws IOException {
    String options =
        Files.readString(data.resolve("postmaster.opts"), StandardCharsets.UTF_8).trim();
    List<String> command = new ArrayList<>();
    int programEnd = options.indexOf(" \"");
    command.add(options.substring(0, programEnd));
    for (String argument : options.substring(programEnd + 2).split("\" \"", -1)) {
      command.add(
          argument.endsWith("\"") ? argument.substring(0, argument.length() - 1) : argument);
    }
    return command;
  }

  @Override
  public void close() throws IOException {
    postgres.close();
  }
}
