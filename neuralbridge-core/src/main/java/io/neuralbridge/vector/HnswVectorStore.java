package io.neuralbridge.vector;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps vectors in memory and finds the nearest by a graph (HNSW, built by JVector), so that a
 * search's time hardly grows with the number of records: for 20,000 to some millions a collection.
 * Smaller ones are scanned exactly. Needs the optional dependency {@code
 * io.github.jbellis:jvector}.
 *
 * <p>Graphs are built in the background. Whatever a graph does not contain yet is scanned, so
 * searches miss no record for being young; among the records of a graph they find nearly all of the
 * nearest, about 99 of 100 by default. Filters that few records pass are answered by a scan.
 *
 * <p>A store that was {@linkplain #open opened on a folder} keeps every change there: when {@link
 * #upsert}, {@link #delete} or {@link #drop} returns, the change is on the disk, whatever becomes
 * of the process. One store at a time may have a folder open. All records are in memory too: four
 * bytes a dimension, its metadata, and about 300 bytes for the graph.
 *
 * <p>A search sees the state that one moment had and waits for no writer. Writers of one collection
 * take turns. All methods throw {@link UncheckedIOException} if the disk fails, after which what
 * they were to do has not been done.
 */
public final class HnswVectorStore implements VectorStore, AutoCloseable {
  private final ConcurrentMap<String, HnswCollection> collections = new ConcurrentHashMap<>();
  private final HnswSettings settings;
  private final Graph.Builder builder;
  private final Indexer indexer;
  private final @Nullable ExecutorService thread;
  private final @Nullable HnswFolder folder;
  private volatile boolean closed;

  HnswVectorStore(HnswSettings settings, @Nullable Path path, @Nullable Executor executor) {
    this.settings = settings;
    builder = newBuilder(settings);
    if (executor == null) {
      ExecutorService own = Executors.newSingleThreadExecutor(HnswVectorStore::daemon);
      thread = own;
      indexer = new Indexer(settings, builder, own);
    } else {
      thread = null;
      indexer = new Indexer(settings, builder, executor);
    }
    HnswFolder opened = null;
    try {
      opened = path == null ? null : HnswFolder.open(path);
      if (opened != null) {
        collections.putAll(opened.read(builder));
      }
    } catch (IOException e) {
      stop();
      closeQuietly(opened, e);
      throw new UncheckedIOException(e.getMessage(), e);
    }
    folder = opened;
    collections.values().forEach(indexer::changed);
  }

  /** A store that forgets everything when the process ends. */
  public static HnswVectorStore inMemory() {
    return inMemory(HnswSettings.defaults());
  }

  public static HnswVectorStore inMemory(HnswSettings settings) {
    return new HnswVectorStore(settings, null, null);
  }

  /**
   * A store with what the folder holds; the folder is made if it is not there.
   *
   * @throws UncheckedIOException if the folder cannot be read or written, is damaged, or is open in
   *     another store
   */
  public static HnswVectorStore open(Path folder) {
    return open(folder, HnswSettings.defaults());
  }

  /** As {@link #open(Path)}, with settings; they may differ from those of the last time. */
  public static HnswVectorStore open(Path folder, HnswSettings settings) {
    return new HnswVectorStore(settings, folder, null);
  }

  private static Graph.Builder newBuilder(HnswSettings settings) {
    try {
      return new JVectorGraphBuilder(settings);
    } catch (NoClassDefFoundError e) {
      throw new IllegalStateException(
          "HnswVectorStore needs JVector: add the dependency io.github.jbellis:jvector:4.0.2", e);
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "neuralbridge-hnsw");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void upsert(String collection, Collection<VectorRecord> records) {
    requireOpen();
    List<VectorRecord> batch = List.copyOf(records);
    if (batch.isEmpty()) {
      return;
    }
    boolean done = false;
    while (!done) {
      HnswCollection target = collections.get(collection);
      int dimensions = target == null ? batch.get(0).vector().length : target.dimensions();
      batch.forEach(record -> requireDimensions(collection, dimensions, record.vector()));
      if (target == null) {
        target = collections.computeIfAbsent(collection, name -> create(name, dimensions));
      }
      requireDimensions(collection, target.dimensions(), batch.get(0).vector());
      done = target.upsert(batch);
      if (done) {
        indexer.changed(target);
      }
      requireOpen();
    }
  }

  private HnswCollection create(String name, int dimensions) {
    Journal journal = folder == null ? Journal.NONE : folder.create(name, dimensions);
    return new HnswCollection(dimensions, journal, List.of(), null);
  }

  @Override
  public int delete(String collection, Collection<String> ids) {
    requireOpen();
    HnswCollection target = collections.get(collection);
    if (target == null) {
      return 0;
    }
    int deleted = target.delete(ids);
    if (deleted > 0) {
      indexer.changed(target);
    }
    return deleted;
  }

  @Override
  public boolean drop(String collection) {
    requireOpen();
    // The file goes before the name is free, or a new collection's file could be deleted.
    boolean[] dropped = {false};
    collections.computeIfPresent(
        collection,
        (name, target) -> {
          target.drop();
          dropped[0] = true;
          return null;
        });
    return dropped[0];
  }

  @Override
  public List<VectorMatch> search(String collection, VectorQuery query) {
    requireOpen();
    HnswCollection target = collections.get(collection);
    if (target == null) {
      return List.of();
    }
    requireDimensions(collection, target.dimensions(), query.vector());
    return target.snapshot().search(query, settings.searchWidth());
  }

  @Override
  public long count(String collection) {
    requireOpen();
    HnswCollection target = collections.get(collection);
    return target == null ? 0 : target.snapshot().live();
  }

  @Override
  public List<String> collections() {
    requireOpen();
    return collections.keySet().stream().sorted().toList();
  }

  /** How many records of a collection searches find by its graph; the others they scan. */
  public long indexed(String collection) {
    requireOpen();
    HnswCollection target = collections.get(collection);
    return target == null ? 0 : target.snapshot().indexed();
  }

  /** Stops building and gives the folder free; a second time does nothing. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    stop();
    collections.values().forEach(HnswCollection::close);
    if (folder != null) {
      folder.close();
    }
  }

  private void stop() {
    indexer.stop();
    if (thread != null) {
      thread.shutdown();
      awaitEnd(thread);
    }
    builder.close();
  }

  private static void awaitEnd(ExecutorService thread) {
    try {
      if (!thread.awaitTermination(30, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void closeQuietly(@Nullable HnswFolder folder, Exception cause) {
    if (folder == null) {
      return;
    }
    try {
      folder.close();
    } catch (UncheckedIOException e) {
      cause.addSuppressed(e);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the vector store is closed");
    }
  }

  private static void requireDimensions(String collection, int expected, float[] vector) {
    if (vector.length != expected) {
      throw new DimensionMismatchException(collection, expected, vector.length);
    }
  }
}
