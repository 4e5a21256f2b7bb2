package io.neuralbridge.jdbc.testing;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one PostgreSQL with pgvector of this JVM, started when it is first asked for: the URL in
 * {@code NEURALBRIDGE_TEST_PGVECTOR_URL} (with user and password in it), else Docker's, else
 * PGlite. It stops with the JVM.
 *
 * @param url null if there is none
 * @param connections how many it can serve at once
 * @param disposable whether it is ours, to do with as we like
 * @param origin where it came from, or why there is none
 */
record PgvectorServer(@Nullable String url, int connections, boolean disposable, String origin) {

  private static final String URL_VARIABLE = "NEURALBRIDGE_TEST_PGVECTOR_URL";
  private static final int MANY = 12;

  private static @Nullable PgvectorServer only;

  static synchronized PgvectorServer get() {
    if (only == null) {
      only = find();
    }
    return only;
  }

  private static PgvectorServer find() {
    String given = System.getenv(URL_VARIABLE);
    if (given != null && !given.isBlank()) {
      return new PgvectorServer(given, MANY, false, URL_VARIABLE);
    }
    List<String> reasons = new ArrayList<>();
    if (DockerEngine.answers()) {
      try {
        PostgresServer docker = PostgresServer.docker();
        return new PgvectorServer(docker.url(), MANY, true, docker.origin());
      } catch (RuntimeException e) {
        reasons.add("Docker: " + e.getMessage());
      }
    } else {
      reasons.add("no Docker engine answers");
    }
    try {
      return new PgvectorServer(Pglite.start(), 1, true, "PGlite");
    } catch (IllegalStateException e) {
      reasons.add("PGlite: " + e.getMessage());
    }
    return new PgvectorServer(null, 0, false, String.join("; ", reasons));
  }
}
