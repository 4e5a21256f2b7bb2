package io.neuralbridge.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;

/** Decodes a stream and stops at the first malformed byte, whose offset it knows. */
final class StrictDecoder {

  private final ReadableByteChannel input;
  private final CharsetDecoder decoder;
  private final ByteBuffer bytes;
  private boolean atEnd;
  private long consumed;

  /**
   * Decodes {@code bytes}, then {@code input}.
   *
   * @param bytes the first bytes of the file; used as the buffer from then on
   */
  StrictDecoder(ByteBuffer bytes, InputStream input, Charset charset) {
    this.bytes = bytes;
    this.input = Channels.newChannel(input);
    this.decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  /**
   * Fills {@code chars}, at least one character unless at the end.
   *
   * @return whether all is well; else {@link #consumed()} is the offset of the malformed byte
   */
  boolean decode(CharBuffer chars) throws IOException {
    int start = chars.position();
    while (chars.position() == start) {
      int before = bytes.position();
      CoderResult result = decoder.decode(bytes, chars, atEnd);
      consumed += bytes.position() - before;
      if (result.isError()) {
        return chars.position() > start;
      }
      if (result.isOverflow() || (atEnd && chars.position() == start)) {
        return true;
      }
      if (result.isUnderflow() && chars.position() == start) {
        refill();
      }
    }
    return true;
  }

  /** How many bytes have been decoded. */
  long consumed() {
    return consumed;
  }

  private void refill() throws IOException {
    bytes.compact();
    atEnd = input.read(bytes) < 0;
    bytes.flip();
  }
}
