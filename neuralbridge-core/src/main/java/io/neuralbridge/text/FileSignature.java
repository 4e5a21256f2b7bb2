package io.neuralbridge.text;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the first bytes of a file tell about it. */
final class FileSignature {

  /** How much of a file to look at. */
  static final int LENGTH = 8192;

  private static final Map<String, String> BINARY = new LinkedHashMap<>();

  static {
    BINARY.put("%PDF-", "a PDF document");
    BINARY.put("PK\3\4", "a ZIP archive or an office document");
    BINARY.put("{\\rtf", "an RTF document");
    BINARY.put("\u001f\u008b", "a gzip archive");
    BINARY.put("BZh", "a bzip2 archive");
    BINARY.put("\u00fd7zXZ", "an xz archive");
    BINARY.put("7z\u00bc\u00af", "a 7z archive");
    BINARY.put("\u0089PNG", "a PNG image");
    BINARY.put("\u00ff\u00d8\u00ff", "a JPEG image");
    BINARY.put("GIF8", "a GIF image");
    BINARY.put("\u007fELF", "a program");
    BINARY.put("\u00ca\u00fe\u00ba\u00be", "a Java class");
    BINARY.put("SQLite format 3", "a database");
  }

  private FileSignature() {}

  /** The encoding that a byte order mark announces; without one, UTF-8. */
  static Charset charset(ByteBuffer head) {
    if (startsWith(head, "\u00fe\u00ff")) {
      return StandardCharsets.UTF_16BE;
    }
    return startsWith(head, "\u00ff\u00fe") ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8;
  }

  /** What kind of binary file this is, or null if it may be text in {@code charset}. */
  static @Nullable String binaryKind(ByteBuffer head, Charset charset) {
    for (Map.Entry<String, String> kind : BINARY.entrySet()) {
      if (startsWith(head, kind.getKey())) {
        return kind.getValue();
      }
    }
    int unit = charset.equals(StandardCharsets.UTF_8) ? 1 : 2;
    for (int i = 0; i + unit <= head.limit(); i += unit) {
      if (head.get(i) == 0 && head.get(i + unit - 1) == 0) {
        return "a binary file (a NUL character at byte " + i + ")";
      }
    }
    return null;
  }

  private static boolean startsWith(ByteBuffer head, String latin1) {
    byte[] expected = latin1.getBytes(StandardCharsets.ISO_8859_1);
    byte[] actual = new byte[Math.min(expected.length, head.limit())];
    head.get(0, actual);
    return Arrays.equals(expected, actual);
  }
}
