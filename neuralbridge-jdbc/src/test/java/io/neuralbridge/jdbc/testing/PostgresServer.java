package io.neuralbridge.jdbc.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The one PostgreSQL of this JVM, started when it is first asked for: the URL in {@code
 * NEURALBRIDGE_TEST_POSTGRES_URL} (with user and password in it), else Docker's, else binaries from
 * Maven Central. It stops with the JVM.
 *
 * @param url null if there is none
 * @param origin where it came from, or why there is none
 */
record PostgresServer(String url, String origin) {

  private static final String URL_VARIABLE = "NEURALBRIDGE_TEST_POSTGRES_URL";
  private static final String IMAGE = "pgvector/pgvector:pg18";

  private static PostgresServer only;
  private static PostgresServer docker;

  static synchronized PostgresServer get() {
    if (only == null) {
      only = find();
    }
    return only;
  }

  private static PostgresServer find() {
    String given = System.getenv(URL_VARIABLE);
    if (given != null && !given.isBlank()) {
      return new PostgresServer(given, URL_VARIABLE);
    }
    List<String> reasons = new ArrayList<>();
    if (DockerEngine.answers()) {
      try {
        return docker();
      } catch (RuntimeException e) {
        reasons.add("Docker: " + e.getMessage());
      }
    } else {
      reasons.add("no Docker engine answers");
    }
    try {
      return embedded();
    } catch (IOException | RuntimeException e) {
      reasons.add("embedded binaries: " + e);
    }
    return new PostgresServer(null, String.join("; ", reasons));
  }

  /** The container of this JVM. */
  static synchronized PostgresServer docker() {
    if (docker == null) {
      docker = container();
    }
    return docker;
  }

  // Ryuk, or the end of the engine's session, removes it.
  @SuppressWarnings("resource")
  private static PostgresServer container() {
    DockerImageName image = DockerImageName.parse(IMAGE).asCompatibleSubstituteFor("postgres");
    PostgreSQLContainer postgres = new PostgreSQLContainer(image);
    postgres.start();
    Runtime.getRuntime().addShutdownHook(new Thread(postgres::stop));
    String separator = postgres.getJdbcUrl().contains("?") ? "&" : "?";
    String login = "user=%s&password=%s".formatted(postgres.getUsername(), postgres.getPassword());
    return new PostgresServer(postgres.getJdbcUrl() + separator + login, "Docker, " + IMAGE);
  }

  private static PostgresServer embedded() throws IOException {
    EmbeddedPostgres postgres =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "off")
            .setServerConfig("log_min_messages", "fatal")
            .start();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    postgres.close();
                  } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                }));
    return new PostgresServer(
        postgres.getJdbcUrl("postgres", "postgres"), "embedded binaries from Maven Central");
  }
}
