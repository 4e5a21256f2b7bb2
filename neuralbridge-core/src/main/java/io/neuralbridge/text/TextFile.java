package io.neuralbridge.text;

import io.neuralbridge.text.UnreadableDocumentException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A text file, read for ingestion a few kilobytes at a time: UTF-8, with or without a byte order
 * mark, or UTF-16 with one.
 *
 * <p>Whatever is wrong with it becomes an {@link UnreadableDocumentException}. {@link #open} finds
 * files that are missing, of the wrong kind, not permitted, of no length, or binary. {@code read}
 * finds malformed text when it gets there and, at the end, that there was nothing but white space;
 * use {@link #check} to know before anything is stored.
 *
 * <p>A NUL character after the first 8 kB, where it no longer means a binary file, is read as it
 * is; {@link CleanText} replaces what stores refuse. Not for use by several threads.
 */
public final class TextFile extends Reader {

  private final Path path;
  private final InputStream input;
  private final StrictDecoder decoder;
  private final String encoding;
  private final CharBuffer decoded = CharBuffer.allocate(FileSignature.LENGTH).flip();
  private boolean started;
  private boolean anyText;

  private TextFile(Path path, InputStream input, ByteBuffer head, Charset charset) {
    this.path = path;
    this.input = input;
    this.encoding = charset.name();
    this.decoder = new StrictDecoder(head, input, charset);
  }

  /**
   * Opens a file; close it after use.
   *
   * @throws UnreadableDocumentException if it cannot be text
   */
  public static TextFile open(Path path) {
    requireRegular(path);
    InputStream input = null;
    try {
      input = Files.newInputStream(path);
      return open(path, input);
    } catch (IOException e) {
      close(input, e);
      throw UnreadableDocumentException.of(path, e);
    } catch (UnreadableDocumentException e) {
      close(input, e);
      throw e;
    }
  }

  /**
   * Reads a file to its end and forgets it.
   *
   * @throws UnreadableDocumentException if {@link #open} or reading it would fail
   */
  public static void check(Path path) {
    try (TextFile file = open(path)) {
      char[] buffer = new char[FileSignature.LENGTH];
      int read;
      do {
        read = file.read(buffer, 0, buffer.length);
      } while (read >= 0);
    }
  }

  @Override
  public int read(char[] target, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    if (!decoded.hasRemaining() && !fill()) {
      return -1;
    }
    int read = Math.min(length, decoded.remaining());
    decoded.get(target, offset, read);
    return read;
  }

  @Override
  public void close() {
    close(input, null);
  }

  private static TextFile open(Path path, InputStream input) throws IOException {
    byte[] bytes = new byte[FileSignature.LENGTH];
    ByteBuffer head = ByteBuffer.wrap(bytes, 0, input.readNBytes(bytes, 0, bytes.length));
    if (head.limit() == 0) {
      throw empty(path);
    }
    Charset charset = FileSignature.charset(head);
    String kind = FileSignature.binaryKind(head, charset);
    if (kind != null) {
      throw new UnreadableDocumentException(
          path.toString(),
          Reason.BINARY,
          "looks like " + kind + ", not text. Extract its text and ingest that.");
    }
    return new TextFile(path, input, head, charset);
  }

  private static void requireRegular(Path path) {
    if (Files.isRegularFile(path)) {
      return;
    }
    if (Files.isDirectory(path)) {
      throw new UnreadableDocumentException(
          path.toString(),
          Reason.WRONG_KIND,
          "is a folder. Name a file in it, or scan the folder.");
    }
    if (Files.exists(path)) {
      throw new UnreadableDocumentException(
          path.toString(), Reason.WRONG_KIND, "is a device or a pipe. Copy its content to a file.");
    }
    throw UnreadableDocumentException.missing(path);
  }

  private boolean fill() {
    decode();
    if (!decoded.hasRemaining() && !anyText) {
      throw empty(path);
    }
    boolean skipMark = !started && decoded.hasRemaining() && decoded.get(0) == '\uFEFF';
    started = true;
    if (skipMark) {
      decoded.get();
    }
    inspect();
    return decoded.hasRemaining() || (skipMark && fill());
  }

  private void decode() {
    boolean valid;
    try {
      valid = decoder.decode(decoded.clear());
    } catch (IOException e) {
      throw UnreadableDocumentException.of(path, e);
    }
    if (!valid) {
      throw new UnreadableDocumentException(
          path.toString(),
          Reason.MALFORMED,
          "is not valid %s at byte %d. Convert it to UTF-8, for instance with iconv."
              .formatted(encoding, decoder.consumed()));
    }
    decoded.flip();
  }

  private void inspect() {
    for (int i = decoded.position(); i < decoded.limit(); i++) {
      anyText |= !Character.isWhitespace(decoded.get(i));
    }
  }

  private static UnreadableDocumentException empty(Path path) {
    return new UnreadableDocumentException(
        path.toString(), Reason.EMPTY, "there is no text in it. Leave it out.");
  }

  private static void close(@Nullable InputStream input, @Nullable Exception failure) {
    if (input == null) {
      return;
    }
    try {
      input.close();
    } catch (IOException e) {
      // What was read has been read; only an earlier failure may want to know.
      if (failure != null) {
        failure.addSuppressed(e);
      }
    }
  }
}
