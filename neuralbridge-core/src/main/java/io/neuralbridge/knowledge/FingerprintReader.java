package io.neuralbridge.knowledge;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Hashes what is read through it. */
final class FingerprintReader extends FilterReader {

  private final MessageDigest digest = ChunkIds.sha256();

  /**
   * @param seed what else the fingerprint depends on
   */
  FingerprintReader(Reader in, String seed) {
    super(in);
    digest.update(seed.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public int read() throws IOException {
    char[] one = new char[1];
    return read(one, 0, 1) < 0 ? -1 : one[0];
  }

  @Override
  public int read(char[] buffer, int offset, int length) throws IOException {
    int count = super.read(buffer, offset, length);
    if (count > 0) {
      ByteBuffer bytes = ByteBuffer.allocate(count * Character.BYTES);
      bytes.asCharBuffer().put(CharBuffer.wrap(buffer, offset, count));
      digest.update(bytes);
    }
    return count;
  }

  void readToEnd() throws IOException {
    transferTo(Writer.nullWriter());
  }

  /** To be asked when everything was read. */
  String fingerprint() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
