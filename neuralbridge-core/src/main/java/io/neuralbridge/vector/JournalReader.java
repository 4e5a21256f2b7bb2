package io.neuralbridge.vector;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a journal up to its last whole change. What follows may only be a change that was being
 * written when the process died; anything else is damage and refused.
 */
final class JournalReader {
  private final Path file;
  private final long length;
  private final List<Row> rows = new ArrayList<>();
  private final Map<String, Row> current = new HashMap<>();
  private long entries;

  /**
   * What a journal holds.
   *
   * @param rows by number; those that were replaced or deleted have ended
   * @param end where the last whole change ends
   */
  record Content(Frames.Header header, List<Row> rows, long entries, long end) {}

  private JournalReader(Path file) throws IOException {
    this.file = file;
    this.length = Files.size(file);
  }

  /** {@code null} if not even the first change was finished. */
  static @Nullable Content read(Path file) throws IOException {
    return new JournalReader(file).read();
  }

  private @Nullable Content read() throws IOException {
    Frames.Header header = null;
    List<byte[]> change = new ArrayList<>();
    long position = 0;
    long begun = 0;
    long end = 0;
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      for (byte[] frame = next(in, position); frame != null; frame = next(in, position)) {
        position += Frames.OVERHEAD + frame.length;
        if (frame[0] == Frames.HEADER) {
          header = Frames.readHeader(frame);
          begun = position;
        } else if (frame[0] == Frames.COMMIT) {
          apply(header, change);
          change.clear();
          end = position;
        } else {
          change.add(frame);
        }
      }
    }
    if (position < length) {
      requireTornEnd(Math.max(begun, end), position);
    }
    return header == null || end == 0 ? null : new Content(header, rows, entries, end);
  }

  private void apply(Frames.@Nullable Header header, List<byte[]> change) throws IOException {
    if (header == null) {
      throw damaged(0);
    }
    for (byte[] frame : change) {
      entries++;
      if (frame[0] == Frames.ROW) {
        Row row = Frames.readRow(frame, header.dimensions());
        end(current.put(row.id, row));
        rows.add(row);
      } else {
        end(current.remove(Frames.readDeletion(frame)));
      }
    }
  }

  private static void end(@Nullable Row row) {
    if (row != null) {
      row.end(0);
    }
  }

  private byte @Nullable [] next(DataInputStream in, long position) throws IOException {
    try {
      if (length - position < Frames.OVERHEAD || in.readInt() != Frames.MARK) {
        return null;
      }
      int size = in.readInt();
      int checksum = in.readInt();
      if (size < 1 || size > length - position - Frames.OVERHEAD) {
        return null;
      }
      byte[] content = in.readNBytes(size);
      return Frames.checksum(content) == checksum ? content : null;
    } catch (EOFException e) {
      return null;
    }
  }

  /** A later change can only have begun after all before it was safe on the disk. */
  private void requireTornEnd(long end, long bad) throws IOException {
    int window = 0;
    long at = 0;
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      in.skipNBytes(bad);
      for (at = bad; at < length; at++) {
        window = (window << 8) | in.readUnsignedByte();
        if (window == Frames.MARK && startsLaterChange(at - 3, end)) {
          throw damaged(bad);
        }
      }
    }
  }

  private boolean startsLaterChange(long frameAt, long end) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      in.skipNBytes(frameAt);
      byte[] frame = next(in, frameAt);
      return frame != null && frame[0] == Frames.COMMIT && Frames.readCommit(frame) > end;
    }
  }

  private IOException damaged(long position) {
    return new IOException(
        "%s is damaged at byte %d, before changes that were finished; restore it from a backup, or delete it and embed the collection again"
            .formatted(file, position));
  }
}
