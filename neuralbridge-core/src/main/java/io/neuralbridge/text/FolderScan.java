package io.neuralbridge.text;

import io.neuralbridge.text.UnreadableDocumentException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The documents in a folder and in all folders below it, found by their names: {@code .txt}, {@code
 * .text}, {@code .md}, {@code .markdown}, {@code .mdown}, {@code .mkd}, {@code .rst}, {@code .adoc}
 * and {@code .asciidoc}, in any case.
 *
 * <p>Files and folders whose name starts with a full stop are left out. A symbolic link to a file
 * is followed; one to a folder is not, so that no link can make the scan run in circles or leave
 * the folder, and is reported as a skip. Whether the files can be read is not tried: {@link
 * TextFile} finds out.
 *
 * @param files sorted by name
 * @param skips what may hold documents but could not be looked at; sorted by name
 * @param others how many files have other names
 */
public record FolderScan(List<Found> files, List<Skip> skips, int others) {

  /**
   * A document.
   *
   * @param name its path below the scanned folder, with {@code /} between the parts on any system
   */
  public record Found(String name, Path path) {}

  /**
   * Something that was left out.
   *
   * @param name its path below the scanned folder, as in {@link Found}
   * @param reason one sentence
   */
  public record Skip(String name, String reason) {}

  public FolderScan {
    files = List.copyOf(files);
    skips = List.copyOf(skips);
  }

  /**
   * Scans {@code folder}.
   *
   * @throws UnreadableDocumentException if it is missing, no folder, not readable, or without any
   *     document
   */
  public static FolderScan of(Path folder) {
    if (!Files.exists(folder)) {
      throw UnreadableDocumentException.missing(folder);
    }
    if (!Files.isDirectory(folder)) {
      throw new UnreadableDocumentException(
          folder.toString(), Reason.WRONG_KIND, "is not a folder. Name the folder it is in.");
    }
    FolderScan scan = walk(folder);
    if (scan.files().isEmpty()) {
      throw new UnreadableDocumentException(
          folder.toString(),
          Reason.EMPTY,
          "no text or Markdown file in this folder (%d other files, %d skipped). Name another one."
              .formatted(scan.others(), scan.skips().size()));
    }
    return scan;
  }

  private static FolderScan walk(Path folder) {
    try {
      Path root = folder.toRealPath();
      FolderVisitor visitor = new FolderVisitor(root);
      Files.walkFileTree(root, visitor);
      return visitor.result();
    } catch (IOException e) {
      throw UnreadableDocumentException.of(folder, e);
    }
  }
}
