package io.neuralbridge.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** Without JVector and EJML the package works, but for the two classes that need them. */
class OptionalDependencyTest {

  @Test
  void aMissingLibraryIsNamedByWhatNeedsItAndMissedByNothingElse() throws Exception {
    try (URLClassLoader bare = withoutLibraries()) {
      Class<?> exact = bare.loadClass(ExactVectorStore.class.getName());
      assertThat(exact.getMethod("collections").invoke(exact.getConstructor().newInstance()))
          .isEqualTo(List.of());
      assertThat(exact.getClassLoader()).isSameAs(bare);

      Class<?> hnsw = bare.loadClass(HnswVectorStore.class.getName());
      assertThatThrownBy(() -> call(hnsw))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("io.github.jbellis:jvector");
      Class<?> fitting = bare.loadClass(Fitting.class.getName());
      assertThatThrownBy(() -> call(fitting))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("org.ejml:ejml-ddense");
    }
  }

  /** Runs in the bare class loader. */
  static final class Fitting {
    private Fitting() {}

    public static void inMemory() {
      ModelBridgeFitter fitter = new ModelBridgeFitter("new", "old", 1);
      RandomVectors.of(1, 300, 4).forEach(vector -> fitter.add(vector, vector));
      fitter.fit();
    }
  }

  private static void call(Class<?> type) throws Throwable {
    try {
      var method = type.getMethod("inMemory");
      method.setAccessible(true);
      method.invoke(null);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static URLClassLoader withoutLibraries() throws IOException {
    List<URL> urls = new ArrayList<>();
    for (Class<?> type : List.of(ExactVectorStore.class, Fitting.class, Logger.class)) {
      if (type.getProtectionDomain().getCodeSource() != null) {
        urls.add(type.getProtectionDomain().getCodeSource().getLocation());
      }
    }
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }
}
