package io.neuralbridge.vector;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A bridge as bytes: mark, version, models, report, matrix, CRC-32C of all before. */
final class BridgeBytes {
  private static final int MARK = 0x4E42_4D42;
  private static final int VERSION = 1;

  private BridgeBytes() {}

  static byte[] write(String from, String to, BridgeMatrix matrix, BridgeReport report) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(MARK);
      out.writeInt(VERSION);
      out.writeUTF(from);
      out.writeUTF(to);
      out.writeUTF(report.method());
      out.writeDouble(report.lambda());
      out.writeInt(report.trainingPairs());
      out.writeInt(report.heldOutPairs());
      out.writeDouble(report.meanCosine());
      out.writeInt(report.k());
      out.writeDouble(report.recall());
      out.writeInt(report.corpus());
      out.writeInt(matrix.rows());
      out.writeInt(matrix.columns());
      ByteBuffer numbers = ByteBuffer.allocate(matrix.values().length * Float.BYTES);
      numbers.asFloatBuffer().put(matrix.values());
      out.write(numbers.array());
      out.writeInt(Frames.checksum(bytes.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException("a model bridge could not be written", e);
    }
    return bytes.toByteArray();
  }

  static ModelBridge read(byte[] bytes) {
    int end = bytes.length - Integer.BYTES;
    boolean whole =
        end > 2 * Integer.BYTES
            && ByteBuffer.wrap(bytes).getInt(end) == Frames.checksum(Arrays.copyOf(bytes, end));
    if (!whole) {
      throw new IllegalArgumentException(
          "these bytes are no model bridge, or damaged; fit it again");
    }
    try {
      return read(new DataInputStream(new ByteArrayInputStream(bytes)));
    } catch (IOException e) {
      throw new IllegalArgumentException("these bytes are no model bridge; fit it again", e);
    }
  }

  private static ModelBridge read(DataInputStream in) throws IOException {
    int mark = in.readInt();
    int version = in.readInt();
    if (mark != MARK || version != VERSION) {
      throw new IOException("mark %x, version %d".formatted(mark, version));
    }
    String from = in.readUTF();
    String to = in.readUTF();
    BridgeReport report =
        new BridgeReport(
            in.readUTF(),
            in.readDouble(),
            in.readInt(),
            in.readInt(),
            in.readDouble(),
            in.readInt(),
            in.readDouble(),
            in.readInt());
    int rows = in.readInt();
    int columns = in.readInt();
    float[] values = new float[Math.multiplyExact(rows, columns)];
    ByteBuffer.wrap(in.readNBytes(values.length * Float.BYTES)).asFloatBuffer().get(values);
    return new ModelBridge(from, to, new BridgeMatrix(rows, columns, values), report);
  }
}
