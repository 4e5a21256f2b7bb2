package io.neuralbridge.vector;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Collects frames, so that a file is written to in large pieces. */
final class FrameBuffer {
  private static final int SIZE = 1 << 18;

  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(SIZE);

  FrameBuffer(FileChannel channel) {
    this.channel = channel;
  }

  void add(byte[] frame) throws IOException {
    if (frame.length > buffer.remaining()) {
      flush();
    }
    if (frame.length > buffer.remaining()) {
      FileJournal.write(channel, ByteBuffer.wrap(frame));
    } else {
      buffer.put(frame);
    }
  }

  void flush() throws IOException {
    FileJournal.write(channel, buffer.flip());
    buffer.clear();
  }
}
