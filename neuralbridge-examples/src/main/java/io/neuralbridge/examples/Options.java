package io.neuralbridge.examples;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link IngestFolder} was asked to do.
 *
 * @param folder the documents
 * @param database the H2 file, without its ending
 * @param query what to ask; null to prompt for it on a terminal
 * @param sample whether these are the sample documents, for which there is a sample question
 */
record Options(Path folder, Path database, @Nullable String query, boolean sample) {

  static final String USAGE =
      """
      Usage: mvn -q -Pdemo process-classes -Dexec.args="[FOLDER] [--query 'TEXT'] [--data FOLDER]"
        FOLDER         text and Markdown files, searched recursively; default: the sample documents
        --query TEXT   ask this and end; default: prompt on a terminal
        --data FOLDER  where the database lies; default: one a folder, in target/knowledge of the examples""";

  /** The arguments make no sense. */
  static final class UsageException extends RuntimeException {
    UsageException(String message) {
      super(message);
    }
  }

  static Options parse(String[] args) {
    Deque<String> left = new ArrayDeque<>(List.of(args));
    Path folder = null;
    Path data = null;
    String query = null;
    while (!left.isEmpty()) {
      String arg = left.pop();
      if (arg.equals("--query")) {
        query = value(arg, left);
      } else if (arg.equals("--data")) {
        data = Path.of(value(arg, left));
      } else if (arg.startsWith("-") || folder != null) {
        throw new UsageException("Unexpected argument '" + arg + "'.");
      } else {
        folder = Path.of(arg);
      }
    }
    boolean sample = folder == null;
    if (folder == null) {
      folder = examples().resolve("sample-docs");
    }
    Path database = (data == null ? dataOf(folder) : data).resolve("knowledge");
    return new Options(folder, database, query, sample);
  }

  private static String value(String option, Deque<String> left) {
    if (left.isEmpty() || left.peek().isBlank()) {
      throw new UsageException(option + " needs a value.");
    }
    return left.pop();
  }

  private static Path dataOf(Path folder) {
    Path absolute = folder.toAbsolutePath().normalize();
    String name = absolute.getFileName() + "-" + Integer.toHexString(absolute.hashCode());
    return examples().resolve("target").resolve("knowledge").resolve(name);
  }

  private static Path examples() {
    return Path.of(System.getProperty("neuralbridge.examples", "neuralbridge-examples"));
  }
}
