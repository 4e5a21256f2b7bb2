package io.neuralbridge.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.neuralbridge.text.UnreadableDocumentException.Reason;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFileTest {

  private static final String TEXT = "Grüße, 日本, \uD83D\uDE00\r\n";

  @TempDir private Path folder;

  @Test
  void utf8IsReadAsItIs() throws IOException {
    assertThat(read(write(TEXT, StandardCharsets.UTF_8))).isEqualTo(TEXT);
  }

  @Test
  void byteOrderMarksTellTheEncodingAndAreDropped() throws IOException {
    String marked = "\uFEFF" + TEXT;

    assertThat(read(write(marked, StandardCharsets.UTF_8))).isEqualTo(TEXT);
    assertThat(read(write(marked, StandardCharsets.UTF_16BE))).isEqualTo(TEXT);
    assertThat(read(write(marked, StandardCharsets.UTF_16LE))).isEqualTo(TEXT);
  }

  @Test
  void charactersAcrossBuffersStayWhole() throws IOException {
    String text = "x" + "\uD83D\uDE00é日".repeat(10_000);

    assertThat(read(write(text, StandardCharsets.UTF_8))).isEqualTo(text);
  }

  @Test
  void itCanBeReadOneCharacterAtATime() throws IOException {
    try (TextFile file = TextFile.open(write("\uFEFF\uD83D\uDE00", StandardCharsets.UTF_8))) {
      assertThat(file.read()).isEqualTo('\uD83D');
      assertThat(file.read()).isEqualTo('\uDE00');
      assertThat(file.read()).isEqualTo(-1);
      assertThat(file.read()).isEqualTo(-1);
    }
  }

  @Test
  void aMissingFileIsRefused() {
    assertRefused(folder.resolve("none.txt"), Reason.MISSING, "Check the path");
  }

  @Test
  void aFolderIsRefused() {
    assertRefused(folder, Reason.WRONG_KIND, "is a folder");
  }

  @Test
  void aFileWithoutPermissionIsRefused() throws IOException {
    Path file = write("a", StandardCharsets.UTF_8);
    Files.setPosixFilePermissions(file, Set.of());
    assumeFalse(Files.isReadable(file), "the superuser may read everything");

    assertRefused(file, Reason.NOT_READABLE, "no permission");
  }

  @Test
  void failuresOfTheSystemAreTold() {
    Path file = Path.of("a.txt");

    assertThat(UnreadableDocumentException.of(file, new AccessDeniedException("a.txt")))
        .hasMessage("a.txt: no permission to read it. Change its rights.")
        .extracting(UnreadableDocumentException::reason)
        .isEqualTo(Reason.NOT_READABLE);
    assertThat(UnreadableDocumentException.of(file, new IOException("disk on fire")))
        .hasMessage("a.txt: reading failed: disk on fire")
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void aFileWithoutTextIsRefused() throws IOException {
    assertRefused(write("", StandardCharsets.UTF_8), Reason.EMPTY, "no text");
    assertRefused(write(" \r\n\t", StandardCharsets.UTF_8), Reason.EMPTY, "no text");
    assertRefused(write("\uFEFF", StandardCharsets.UTF_8), Reason.EMPTY, "no text");
    assertRefused(write(" ".repeat(100_000), StandardCharsets.UTF_8), Reason.EMPTY, "no text");
  }

  @Test
  void binaryFilesAreRefusedByTheirKind() throws IOException {
    assertRefused(write("%PDF-1.7 text", StandardCharsets.UTF_8), Reason.BINARY, "PDF document");
    assertRefused(write("PK\3\4", StandardCharsets.UTF_8), Reason.BINARY, "ZIP archive");
    assertRefused(write("\u0089PNG", StandardCharsets.ISO_8859_1), Reason.BINARY, "PNG image");
    assertRefused(write("ab\0c", StandardCharsets.UTF_8), Reason.BINARY, "NUL character at byte 2");
    assertRefused(write("\uFEFFa\0", StandardCharsets.UTF_16LE), Reason.BINARY, "at byte 4");
  }

  @Test
  void malformedTextIsRefusedWithItsOffset() throws IOException {
    assertRefused(
        write("abcß", StandardCharsets.ISO_8859_1), Reason.MALFORMED, "not valid UTF-8 at byte 3.");
    assertRefused(
        write("a".repeat(100_000) + "ß ", StandardCharsets.ISO_8859_1),
        Reason.MALFORMED,
        "at byte 100000.");
  }

  @Test
  void aLoneSurrogateInUtf16IsMalformed() throws IOException {
    Path file = folder.resolve("utf16.txt");
    Files.write(file, new byte[] {(byte) 0xFE, (byte) 0xFF, 0, 'a', (byte) 0xD8, 0, 0, 'b'});

    assertRefused(file, Reason.MALFORMED, "not valid UTF-16BE at byte 4.");
  }

  @Test
  void aTextThatEndsInsideACharacterIsMalformed() throws IOException {
    Path file = folder.resolve("cut.txt");
    Files.write(file, new byte[] {'a', (byte) 0xE6, (byte) 0x97});

    assertRefused(file, Reason.MALFORMED, "at byte 1.");
  }

  @Test
  void aLateNulIsReadAsItIs() throws IOException {
    String start = "a".repeat(10_000);

    try (TextFile file = TextFile.open(write(start + "\0b\0", StandardCharsets.UTF_8))) {
      assertThat(drain(file)).isEqualTo(start + "\0b\0");
    }
  }

  private void assertRefused(Path file, Reason reason, String message) {
    UnreadableDocumentException refusal =
        catchThrowableOfType(UnreadableDocumentException.class, () -> TextFile.check(file));

    assertThat(refusal).hasMessageStartingWith(file + ": ").hasMessageContaining(message);
    assertThat(refusal.reason()).isEqualTo(reason);
    assertThat(refusal.document()).isEqualTo(file.toString());
  }

  private Path write(String text, Charset charset) throws IOException {
    return Files.write(folder.resolve("document.txt"), text.getBytes(charset));
  }

  private static String read(Path path) throws IOException {
    try (TextFile file = TextFile.open(path)) {
      return drain(file);
    }
  }

  private static String drain(TextFile file) throws IOException {
    StringWriter text = new StringWriter();
    file.transferTo(text);
    return text.toString();
  }
}
