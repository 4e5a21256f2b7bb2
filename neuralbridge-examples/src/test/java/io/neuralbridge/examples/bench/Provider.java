package io.neuralbridge.examples.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/** The stub provider's process, as the benchmark sees it. */
final class Provider implements AutoCloseable {

  private final ChildJvm process;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI uri;
  private final int dimensions;

  private Provider(ChildJvm process, URI uri, int dimensions) {
    this.process = process;
    this.uri = uri;
    this.dimensions = dimensions;
  }

  static Provider start(int dimensions) throws IOException {
    ChildJvm process = ChildJvm.start(ProviderServer.class, Integer.toString(dimensions));
    return new Provider(process, URI.create("http://127.0.0.1:" + process.line()), dimensions);
  }

  /** Where it is, and the length of its vectors. */
  record Endpoint(URI uri, int dimensions) {}

  Endpoint endpoint() {
    return new Endpoint(uri, dimensions);
  }

  /** Forgets what was, and goes by these rules from now on. */
  void begin(ProviderRules rules) throws IOException, InterruptedException {
    get(ProviderServer.BEGIN + "?" + rules.query());
  }

  /** What it saw since the last beginning. */
  ProviderStats stats() throws IOException, InterruptedException {
    return ProviderStats.parse(get(ProviderServer.STATS));
  }

  private String get(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(uri.resolve(path)).build();
    return client.send(request, BodyHandlers.ofString()).body();
  }

  @Override
  public void close() throws IOException {
    process.close();
  }
}
