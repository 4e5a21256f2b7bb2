package io.neuralbridge.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.neuralbridge.text.FolderScan.Found;
import io.neuralbridge.text.FolderScan.Skip;
import io.neuralbridge.text.UnreadableDocumentException.Reason;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderScanTest {

  @TempDir private Path temporary;
  private Path folder;

  @BeforeEach
  void createFolder() throws IOException {
    folder = Files.createDirectory(temporary.toRealPath().resolve("docs"));
  }

  @Test
  void documentsAreFoundAtAnyDepthAndSortedByName() throws IOException {
    write("b.md");
    write("a/z.TXT");
    write("a/b/c.rst");
    write("a.adoc");

    FolderScan scan = FolderScan.of(folder);

    assertThat(scan.files())
        .containsExactly(
            new Found("a.adoc", folder.resolve("a.adoc")),
            new Found("a/b/c.rst", folder.resolve("a/b/c.rst")),
            new Found("a/z.TXT", folder.resolve("a/z.TXT")),
            new Found("b.md", folder.resolve("b.md")));
    assertThat(scan.skips()).isEmpty();
  }

  @Test
  void otherFilesAreCountedAndHiddenOnesAreNot() throws IOException {
    write("a.md");
    write("image.png");
    write("md");
    write(".hidden.md");
    write(".git/notes.md");

    FolderScan scan = FolderScan.of(folder);

    assertThat(scan.files()).extracting(Found::name).containsExactly("a.md");
    assertThat(scan.others()).isEqualTo(2);
    assertThat(scan.skips()).isEmpty();
  }

  @Test
  void linksToFilesAreFollowedAndLinksToFoldersAreNot() throws IOException {
    write("sub/a.md");
    Files.createSymbolicLink(folder.resolve("link.md"), folder.resolve("sub/a.md"));
    Files.createSymbolicLink(folder.resolve("sub/loop"), folder);
    Files.createSymbolicLink(folder.resolve("self.md"), folder.resolve("self.md"));

    FolderScan scan = FolderScan.of(folder);

    assertThat(scan.files()).extracting(Found::name).containsExactly("link.md", "sub/a.md");
    assertThat(scan.skips())
        .containsExactly(
            new Skip("self.md", "a broken symbolic link"),
            new Skip("sub/loop", "a symbolic link to a folder; scan that folder by itself"));
  }

  @Test
  void theFolderItselfMayBeALink() throws IOException {
    write("a.md");
    Path link = Files.createSymbolicLink(temporary.resolve("link"), folder);

    assertThat(FolderScan.of(link).files()).extracting(Found::name).containsExactly("a.md");
  }

  @Test
  void anUnreadableFolderIsSkippedAndTheRestIsFound() throws IOException {
    write("a.md");
    Path locked = Files.createDirectory(folder.resolve("locked"));
    Files.setPosixFilePermissions(locked, Set.of());
    try {
      assumeFalse(Files.isReadable(locked), "the superuser may read everything");
      FolderScan scan = FolderScan.of(folder);

      assertThat(scan.files()).extracting(Found::name).containsExactly("a.md");
      assertThat(scan.skips()).containsExactly(new Skip("locked", "no permission to read it"));
    } finally {
      Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void failuresBelowTheFolderBecomeSkips() throws IOException {
    FolderVisitor visitor = new FolderVisitor(folder);

    visitor.visitFileFailed(folder.resolve("b/c"), new AccessDeniedException("c"));
    visitor.visitFileFailed(folder.resolve("a"), new IOException("disk"));
    visitor.postVisitDirectory(folder.resolve("d"), new IOException("disk"));

    assertThat(visitor.result().skips())
        .containsExactly(
            new Skip("a", "reading failed: IOException"),
            new Skip("b/c", "no permission to read it"),
            new Skip("d", "reading failed: IOException"));
  }

  @Test
  void aMissingFolderIsRefused() {
    assertRefused(folder.resolve("none"), Reason.MISSING, "no such file or folder");
  }

  @Test
  void aFileIsRefused() throws IOException {
    assertRefused(write("a.md"), Reason.WRONG_KIND, "is not a folder");
  }

  @Test
  void aFolderWithoutDocumentsIsRefused() throws IOException {
    write("image.png");

    assertRefused(folder, Reason.EMPTY, "no text or Markdown file in this folder (1 other file");
  }

  private static void assertRefused(Path path, Reason reason, String message) {
    UnreadableDocumentException refusal =
        catchThrowableOfType(UnreadableDocumentException.class, () -> FolderScan.of(path));

    assertThat(refusal).hasMessageStartingWith(path + ": ").hasMessageContaining(message);
    assertThat(refusal.reason()).isEqualTo(reason);
  }

  private Path write(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "text");
  }
}
