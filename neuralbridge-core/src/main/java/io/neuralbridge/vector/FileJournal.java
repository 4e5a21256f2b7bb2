package io.neuralbridge.vector;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.List;

/** A journal in a file, forced to the disk before a change counts. */
final class FileJournal implements Journal {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path file;
  private final GraphFile graphFile;
  private Frames.Header header;
  private FileChannel channel;
  private long end;
  private long entries;
  private boolean broken;

  private FileJournal(
      Path file, Frames.Header header, FileChannel channel, long end, long entries) {
    this.file = file;
    this.graphFile = GraphFile.beside(file);
    this.header = header;
    this.channel = channel;
    this.end = end;
    this.entries = entries;
  }

  /** A new journal; its file is whole once the first change is. */
  static FileJournal create(Path file, String collection, int dimensions) throws IOException {
    Frames.Header header = newHeader(collection, dimensions);
    FileChannel channel = begin(file, header);
    channel.force(true);
    forceFolder(file);
    return new FileJournal(file, header, channel, channel.position(), 0);
  }

  /** Goes on after what was read; an unfinished change behind it is cut off. */
  static FileJournal resume(Path file, JournalReader.Content content) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
    channel.truncate(content.end());
    channel.position(content.end());
    channel.force(true);
    return new FileJournal(file, content.header(), channel, content.end(), content.entries());
  }

  long epoch() {
    return header.epoch();
  }

  private static Frames.Header newHeader(String collection, int dimensions) {
    return new Frames.Header(Frames.VERSION, RANDOM.nextLong(), dimensions, collection);
  }

  private static FileChannel begin(Path file, Frames.Header header) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    write(channel, ByteBuffer.wrap(Frames.header(header)));
    return channel;
  }

  @Override
  public void append(List<Row> rows, Collection<String> deleted) {
    if (broken) {
      throw new IllegalStateException(
          "a change of collection '%s' could not be written to %s; open the store again when the disk is well"
              .formatted(header.collection(), file));
    }
    try {
      long written = writeChange(channel, end, rows, deleted);
      channel.force(false);
      end = written;
      entries += rows.size() + deleted.size();
    } catch (IOException | RuntimeException e) {
      undo(e);
      throw e instanceof IOException io ? failed(io) : (RuntimeException) e;
    }
  }

  /** What was forced in vain may or may not be on the disk; only a clean cut allows to go on. */
  private void undo(Exception cause) {
    broken = true;
    try {
      channel.truncate(end);
      channel.position(end);
      channel.force(true);
      broken = false;
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public void rewrite(List<Row> rows, Collection<String> deleted) {
    Path fresh = file.resolveSibling(file.getFileName() + HnswFolder.UNFINISHED);
    Frames.Header next = newHeader(header.collection(), header.dimensions());
    try {
      FileChannel target = begin(fresh, next);
      try {
        long written = writeChange(target, target.position(), rows, deleted);
        target.force(true);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        end = written;
      } catch (IOException | RuntimeException e) {
        target.close();
        throw e;
      }
      channel.close();
      channel = target;
      header = next;
      entries = (long) rows.size() + deleted.size();
      forceFolder(file);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static long writeChange(
      FileChannel to, long start, List<Row> rows, Collection<String> deleted) throws IOException {
    FrameBuffer buffer = new FrameBuffer(to);
    for (Row row : rows) {
      buffer.add(Frames.row(row));
    }
    for (String id : deleted) {
      buffer.add(Frames.deletion(id));
    }
    buffer.add(Frames.commit(start));
    buffer.flush();
    return to.position();
  }

  static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public long entries() {
    return entries;
  }

  @Override
  public void save(Graph graph) {
    try {
      graphFile.write(header.epoch(), graph);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public void close() {
    broken = true;
    try {
      channel.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public void delete() {
    try {
      Files.deleteIfExists(file);
      graphFile.delete();
      forceFolder(file);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** A new name in a folder is safe only when the folder is. Windows cannot open folders. */
  static void forceFolder(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || file.getFileSystem().getSeparator().equals("\\")) {
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private UncheckedIOException failed(IOException e) {
    return new UncheckedIOException(
        "collection '%s' could not be written to %s: %s"
            .formatted(header.collection(), file, e.getMessage()),
        e);
  }
}
