package io.neuralbridge.vector;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of a persisted store: a journal a collection, its graph beside it, and a lock. */
final class HnswFolder {
  private static final Logger LOG = LoggerFactory.getLogger(HnswVectorStore.class);
  static final String UNFINISHED = ".new";
  private static final String SUFFIX = ".vectors";

  private final Path path;
  private final FileChannel lock;

  private HnswFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  static HnswFolder open(Path path) throws IOException {
    Files.createDirectories(path);
    FileChannel channel =
        FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (tryLock(channel) == null) {
        throw new IOException(
            path + " is open in another vector store; give each store a folder of its own");
      }
      return new HnswFolder(path, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  Map<String, HnswCollection> read(Graph.Builder builder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(path)) {
      files = all.sorted().toList();
    }
    Map<String, HnswCollection> collections = new HashMap<>();
    for (Path file : files) {
      if (file.toString().endsWith(SUFFIX)) {
        read(file, builder, collections);
      } else if (isLeftBehind(file)) {
        Files.delete(file);
      }
    }
    return collections;
  }

  /** Half a file that was to replace another, or the graph of a collection that was dropped. */
  private static boolean isLeftBehind(Path file) {
    String name = file.toString();
    String graph = SUFFIX + GraphFile.SUFFIX;
    return name.endsWith(SUFFIX + UNFINISHED)
        || name.endsWith(graph + UNFINISHED)
        || (name.endsWith(graph)
            && !Files.exists(
                Path.of(name.substring(0, name.length() - GraphFile.SUFFIX.length()))));
  }

  private static void read(Path file, Graph.Builder builder, Map<String, HnswCollection> into)
      throws IOException {
    JournalReader.Content content = content(file);
    if (content == null) {
      LOG.warn("{} holds no finished change; it is deleted", file);
      Files.delete(file);
      return;
    }
    long torn = Files.size(file) - content.end();
    if (torn > 0) {
      LOG.warn("{} ends with {} bytes of a change that was never finished; cut off", file, torn);
    }
    FileJournal journal = FileJournal.resume(file, content);
    Graph graph = GraphFile.beside(file).read(journal.epoch(), content.rows(), builder);
    int dimensions = content.header().dimensions();
    into.put(
        content.header().collection(),
        new HnswCollection(dimensions, journal, content.rows(), graph));
  }

  private static JournalReader.@Nullable Content content(Path file) throws IOException {
    try {
      return JournalReader.read(file);
    } catch (IOException e) {
      throw new IOException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  FileJournal create(String collection, int dimensions) {
    byte[] name = collection.getBytes(StandardCharsets.UTF_8);
    Path file = path.resolve(UUID.nameUUIDFromBytes(name) + SUFFIX);
    try {
      return FileJournal.create(file, collection, dimensions);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "collection '%s' could not be made in %s".formatted(collection, path), e);
    }
  }

  void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the lock of " + path + " could not be given back", e);
    }
  }
}
