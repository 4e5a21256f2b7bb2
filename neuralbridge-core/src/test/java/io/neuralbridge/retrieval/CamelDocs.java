package io.neuralbridge.retrieval;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** The corpus: Apache Camel's documentation pages, as they are in the camel-catalog jar. */
final class CamelDocs {
  private static final String FOLDER = "org/apache/camel/catalog/docs/";
  private static final String EXTENSION = ".adoc";

  private CamelDocs() {}

  /** Every passage of every page, in the order of the pages' names. */
  static List<Passage> passages() throws IOException {
    URL page = CamelDocs.class.getClassLoader().getResource(FOLDER + "kafka-component" + EXTENSION);
    if (page == null) {
      throw new IllegalStateException("camel-catalog is not on the test class path");
    }
    JarURLConnection connection = (JarURLConnection) page.openConnection();
    connection.setUseCaches(false);
    try (JarFile jar = connection.getJarFile()) {
      return jar.stream()
          .filter(entry -> entry.getName().startsWith(FOLDER))
          .filter(entry -> entry.getName().endsWith(EXTENSION))
          .sorted((a, b) -> a.getName().compareTo(b.getName()))
          .flatMap(entry -> AsciiDocSplitter.split(name(entry), lines(jar, entry)).stream())
          .toList();
    }
  }

  private static String name(JarEntry entry) {
    String name = entry.getName();
    return name.substring(FOLDER.length(), name.length() - EXTENSION.length());
  }

  private static List<String> lines(JarFile jar, JarEntry entry) {
    try (InputStream in = jar.getInputStream(entry)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
