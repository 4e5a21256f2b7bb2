package io.neuralbridge.jdbc.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * PostgreSQL as WebAssembly, with pgvector, in a process of Node.js. One connection at a time.
 *
 * <p>Its packages are in the folder that {@code NEURALBRIDGE_TEST_PGLITE} names, else in {@code
 * target/pglite} of this module. {@code CONTRIBUTING.md} says how they come there.
 */
final class Pglite {

  private static final String FOLDER_VARIABLE = "NEURALBRIDGE_TEST_PGLITE";
  private static final String DEFAULT_FOLDER = "target/pglite";
  private static final String PROGRAM = "node_modules/.bin/pglite-server";

  private static final String READY = "PGLiteSocketServer listening";
  private static final int PATIENCE_SECONDS = 180;

  private Pglite() {}

  /**
   * Starts one, in memory.
   *
   * @return its URL
   * @throws IllegalStateException with the reason if it cannot be had
   */
  static String start() {
    Path folder = folder();
    try {
      int port = freePort();
      Process process =
          new ProcessBuilder(
                  "node",
                  folder.resolve(PROGRAM).toString(),
                  "--extensions=@electric-sql/pglite-pgvector:vector",
                  "--host=127.0.0.1",
                  "--port=" + port)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      awaitReady(process);
      return "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres&password=postgres&sslmode=disable&gssEncMode=disable"
          .formatted(port);
    } catch (IOException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private static Path folder() {
    String given = System.getenv(FOLDER_VARIABLE);
    Path folder = Path.of(given == null || given.isBlank() ? DEFAULT_FOLDER : given);
    if (!Files.exists(folder.resolve(PROGRAM))) {
      throw new IllegalStateException(
          "no %s in %s (%s may name another folder)"
              .formatted(PROGRAM, folder.toAbsolutePath(), FOLDER_VARIABLE));
    }
    return folder.toAbsolutePath();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void awaitReady(Process process) {
    CompletableFuture<Void> ready = new CompletableFuture<>();
    Thread reader = new Thread(() -> read(process, ready), "pglite-output");
    reader.setDaemon(true);
    reader.start();
    try {
      ready.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      process.destroyForcibly();
      throw new IllegalStateException("it did not start: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  // Reads on to the end: a process whose output nobody reads stands still.
  private static void read(Process process, CompletableFuture<Void> ready) {
    StringBuilder output = new StringBuilder();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      lines
          .lines()
          .forEach(
              line -> {
                if (line.startsWith(READY)) {
                  ready.complete(null);
                } else if (!ready.isDone()) {
                  output.append(line).append('\n');
                }
              });
    } catch (IOException | RuntimeException e) {
      output.append(e);
    }
    ready.completeExceptionally(new IOException(output.toString()));
  }
}
