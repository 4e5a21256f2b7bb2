package io.neuralbridge.vector;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A graph on disk: the numbers of its rows and its edges. It can always be built again, so one that
 * is damaged or does not fit its journal is left aside.
 */
final class GraphFile {
  private static final Logger LOG = LoggerFactory.getLogger(HnswVectorStore.class);
  static final String SUFFIX = ".graph";
  private static final int MARK = 0x4E42_5647;
  private static final int VERSION = 1;
  private static final int HEAD = 4 + 4 + 8 + 4 + 4;

  private final Path path;

  private GraphFile(Path path) {
    this.path = path;
  }

  static GraphFile beside(Path journal) {
    return new GraphFile(journal.resolveSibling(journal.getFileName() + SUFFIX));
  }

  void write(long epoch, Graph graph) throws IOException {
    byte[] edges = graph.toBytes();
    List<Row> nodes = graph.nodes();
    ByteBuffer head = ByteBuffer.allocate(HEAD + nodes.size() * Long.BYTES);
    head.putInt(MARK).putInt(VERSION).putLong(epoch).putInt(nodes.size()).putInt(edges.length);
    nodes.forEach(row -> head.putLong(row.number));
    CRC32C crc = new CRC32C();
    crc.update(head.array());
    crc.update(edges);
    ByteBuffer tail = ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue());
    Path fresh = path.resolveSibling(path.getFileName() + HnswFolder.UNFINISHED);
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      FileJournal.write(channel, head.flip());
      FileJournal.write(channel, ByteBuffer.wrap(edges));
      FileJournal.write(channel, tail.flip());
      channel.force(true);
    }
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
  }

  /** {@code null} if there is none that fits. */
  @Nullable Graph read(long epoch, List<Row> rows, Graph.Builder builder) {
    if (!Files.exists(path)) {
      return null;
    }
    try {
      Graph graph = parse(ByteBuffer.wrap(Files.readAllBytes(path)), epoch, rows, builder);
      if (graph == null) {
        LOG.info("{} does not fit its records; the graph is built again", path);
      }
      return graph;
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      LOG.warn("{} cannot be read; the graph is built again", path, e);
      return null;
    }
  }

  private static @Nullable Graph parse(
      ByteBuffer bytes, long epoch, List<Row> rows, Graph.Builder builder) {
    int end = bytes.limit() - Integer.BYTES;
    if (end < HEAD || bytes.getInt() != MARK || bytes.getInt() != VERSION) {
      return null;
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().position(0).limit(end));
    if (bytes.getInt(end) != (int) crc.getValue() || bytes.getLong() != epoch) {
      return null;
    }
    int count = bytes.getInt();
    byte[] edges = new byte[bytes.getInt()];
    Map<Long, Row> byNumber = new HashMap<>();
    rows.forEach(row -> byNumber.put(row.number, row));
    List<Row> nodes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Row row = byNumber.get(bytes.getLong());
      if (row == null) {
        return null;
      }
      nodes.add(row);
    }
    bytes.get(edges);
    return builder.restore(nodes, edges);
  }

  void delete() throws IOException {
    Files.deleteIfExists(path);
  }
}
