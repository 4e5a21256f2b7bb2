package io.neuralbridge.examples.bench;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * The loop that the JDK's incubating Vector API allows, for comparison. It is compiled at the start
 * of the benchmark, where {@code --add-modules jdk.incubator.vector} was given.
 */
final class VectorApiLoop {
  private static final String NAME = "VectorApiLoop";
  private static final String MODULE = "jdk.incubator.vector";
  private static final int BLOCK = 1024;

  private final MethodHandle dots;

  private VectorApiLoop(MethodHandle dots) {
    this.dots = dots;
  }

  /** Empty where the module, or the compiler, is not there. */
  static Optional<VectorApiLoop> compile() throws IOException, ReflectiveOperationException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null || ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return Optional.empty();
    }
    Path folder = Files.createTempDirectory(NAME);
    Path source = folder.resolve(NAME + ".java");
    try (InputStream text =
        VectorApiLoop.class.getResourceAsStream("/bench/" + NAME + ".java.txt")) {
      if (text == null) {
        throw new IOException("the loop's source is not among the resources");
      }
      Files.copy(text, source);
    }
    int code =
        compiler.run(
            null,
            null,
            null,
            "-nowarn",
            "--add-modules",
            MODULE,
            "-d",
            folder.toString(),
            source.toString());
    if (code != 0) {
      throw new IOException("the loop does not compile");
    }
    return Optional.of(new VectorApiLoop(load(folder)));
  }

  private static MethodHandle load(Path folder) throws IOException, ReflectiveOperationException {
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      return MethodHandles.publicLookup()
          .findStatic(
              loader.loadClass(NAME),
              "dots",
              MethodType.methodType(
                  void.class, float[].class, int.class, float[].class, float[].class));
    }
  }

  /** Rows in blocks of one array each. */
  static float[][] blocks(Iterable<float[]> vectors, int count, int dimensions) {
    float[][] blocks = new float[(count + BLOCK - 1) / BLOCK][BLOCK * dimensions];
    int row = 0;
    for (float[] vector : vectors) {
      System.arraycopy(vector, 0, blocks[row / BLOCK], row % BLOCK * dimensions, dimensions);
      row++;
    }
    return blocks;
  }

  /** The best score, kept as the naive loop keeps its best. */
  float best(float[][] blocks, float[] query, int k) {
    float[] best = new float[k];
    float[] scores = new float[BLOCK];
    try {
      for (float[] block : blocks) {
        dots.invokeExact(block, BLOCK, query, scores);
        for (float score : scores) {
          VectorSearchBenchmark.keep(best, score);
        }
      }
    } catch (Error | RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("the loop failed", e);
    }
    return best[0];
  }
}
