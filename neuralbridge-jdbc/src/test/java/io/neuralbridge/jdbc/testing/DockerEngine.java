package io.neuralbridge.jdbc.testing;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Asks for Docker without the pages of log that Testcontainers writes where there is none. */
final class DockerEngine {

  private DockerEngine() {}

  static boolean answers() {
    String host = System.getenv("DOCKER_HOST");
    if (host != null && !host.startsWith("unix://")) {
      return true;
    }
    Path socket =
        Path.of(host == null ? "/var/run/docker.sock" : host.substring("unix://".length()));
    return Files.exists(socket) && pings(socket);
  }

  private static boolean pings(Path socket) {
    return CompletableFuture.supplyAsync(() -> ping(socket))
        .completeOnTimeout(false, 3, TimeUnit.SECONDS)
        .join();
  }

  private static boolean ping(Path socket) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      channel.write(
          StandardCharsets.US_ASCII.encode("GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n"));
      ByteBuffer answer = ByteBuffer.allocate(64);
      channel.read(answer);
      return StandardCharsets.US_ASCII.decode(answer.flip()).toString().contains(" 200 ");
    } catch (IOException e) {
      return false;
    }
  }
}
