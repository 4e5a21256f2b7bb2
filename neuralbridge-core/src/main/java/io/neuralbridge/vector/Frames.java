package io.neuralbridge.vector;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The journal's format, big-endian. A frame is a mark, the length of what follows, its CRC-32C and
 * then the content, whose first byte tells what it is.
 */
final class Frames {
  static final int MARK = 0x4E42_5652;
  static final int OVERHEAD = 12;
  static final int VERSION = 1;

  static final byte HEADER = 0;
  static final byte ROW = 1;
  static final byte DELETION = 2;
  static final byte COMMIT = 3;

  private Frames() {}

  /** What a journal is of. The epoch is random: a graph tells by it whether it belongs here. */
  record Header(int version, long epoch, int dimensions, String collection) {}

  static byte[] header(Header header) throws IOException {
    return frame(
        out -> {
          out.writeByte(HEADER);
          out.writeInt(header.version());
          out.writeLong(header.epoch());
          out.writeInt(header.dimensions());
          writeText(out, header.collection());
        });
  }

  static byte[] row(Row row) throws IOException {
    return frame(
        out -> {
          out.writeByte(ROW);
          out.writeLong(row.number);
          writeText(out, row.id);
          out.writeInt(row.metadata.size());
          for (Map.Entry<String, String> entry : new TreeMap<>(row.metadata).entrySet()) {
            writeText(out, entry.getKey());
            writeText(out, entry.getValue());
          }
          ByteBuffer numbers = ByteBuffer.allocate(row.unit.length * Float.BYTES);
          numbers.asFloatBuffer().put(row.unit);
          out.write(numbers.array());
        });
  }

  static byte[] deletion(String id) throws IOException {
    return frame(
        out -> {
          out.writeByte(DELETION);
          writeText(out, id);
        });
  }

  /** Ends a change that began at a position of the file. */
  static byte[] commit(long start) throws IOException {
    return frame(
        out -> {
          out.writeByte(COMMIT);
          out.writeLong(start);
        });
  }

  static Header readHeader(byte[] content) throws IOException {
    DataInputStream in = after(content);
    int version = in.readInt();
    if (version != VERSION) {
      throw new IOException(
          "it has version %d of the format, and this release reads version %d"
              .formatted(version, VERSION));
    }
    return new Header(version, in.readLong(), in.readInt(), readText(in));
  }

  static Row readRow(byte[] content, int dimensions) throws IOException {
    DataInputStream in = after(content);
    long number = in.readLong();
    String id = readText(in);
    Map<String, String> metadata = new TreeMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      String key = readText(in);
      metadata.put(key, readText(in));
    }
    float[] unit = new float[dimensions];
    ByteBuffer.wrap(in.readNBytes(dimensions * Float.BYTES)).asFloatBuffer().get(unit);
    return new Row(number, id, unit, Map.copyOf(metadata));
  }

  static String readDeletion(byte[] content) throws IOException {
    return readText(after(content));
  }

  static long readCommit(byte[] content) throws IOException {
    return after(content).readLong();
  }

  static int checksum(byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(content);
    return (int) crc.getValue();
  }

  private static DataInputStream after(byte[] content) {
    return new DataInputStream(new ByteArrayInputStream(content, 1, content.length - 1));
  }

  private static byte[] frame(Content content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    content.writeTo(new DataOutputStream(bytes));
    byte[] body = bytes.toByteArray();
    return ByteBuffer.allocate(OVERHEAD + body.length)
        .putInt(MARK)
        .putInt(body.length)
        .putInt(checksum(body))
        .put(body)
        .array();
  }

  private interface Content {
    void writeTo(DataOutputStream out) throws IOException;
  }

  // Not writeUTF, which ends at 65,535 bytes.
  private static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String readText(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
  }
}
