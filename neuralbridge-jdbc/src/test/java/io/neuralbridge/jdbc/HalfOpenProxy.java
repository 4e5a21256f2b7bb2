package io.neuralbridge.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A way to a server whose connections can fall silent without being closed. */
final class HalfOpenProxy implements AutoCloseable {

  private final ServerSocket door;
  private final int port;
  private final List<Connection> connections = new CopyOnWriteArrayList<>();

  private static final class Connection {
    final Socket client;
    final Socket server;
    volatile boolean silent;

    Connection(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }
  }

  HalfOpenProxy(int port) throws IOException {
    this.port = port;
    this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  int port() {
    return door.getLocalPort();
  }

  /** What is open now swallows all bytes from now on; later connections are sound. */
  void silence() {
    connections.forEach(connection -> connection.silent = true);
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "half-open-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = door.accept();
        Connection connection =
            new Connection(client, new Socket(InetAddress.getLoopbackAddress(), port));
        connections.add(connection);
        start(() -> pump(connection, connection.client, connection.server));
        start(() -> pump(connection, connection.server, connection.client));
      }
    } catch (IOException e) {
      if (!door.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void pump(Connection connection, Socket from, Socket to) {
    byte[] buffer = new byte[8_192];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (!connection.silent) {
          out.write(buffer, 0, read);
          out.flush();
        }
      }
      if (!connection.silent) {
        to.close();
      }
    } catch (IOException e) {
      closeQuietly(to);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
    for (Connection connection : connections) {
      connection.client.close();
      connection.server.close();
    }
  }
}
