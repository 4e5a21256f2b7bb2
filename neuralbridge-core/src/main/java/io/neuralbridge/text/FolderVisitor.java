package io.neuralbridge.text;

import io.neuralbridge.text.FolderScan.Found;
import io.neuralbridge.text.FolderScan.Skip;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Collects a {@link FolderScan}; only the root's own failure ends it. */
final class FolderVisitor extends SimpleFileVisitor<Path> {

  private static final Set<String> EXTENSIONS =
      Set.of("txt", "text", "md", "markdown", "mdown", "mkd", "rst", "adoc", "asciidoc");

  private final Path root;
  private final List<Found> files = new ArrayList<>();
  private final List<Skip> skips = new ArrayList<>();
  private int others;

  FolderVisitor(Path root) {
    this.root = root;
  }

  FolderScan result() {
    files.sort(Comparator.comparing(Found::name));
    skips.sort(Comparator.comparing(Skip::name));
    return new FolderScan(files, skips, others);
  }

  @Override
  public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
    boolean hidden = !folder.equals(root) && isHidden(folder);
    return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    if (isHidden(file)) {
      return FileVisitResult.CONTINUE;
    }
    if (attributes.isSymbolicLink() && Files.isDirectory(file)) {
      skip(file, "a symbolic link to a folder; scan that folder by itself");
    } else if (!hasDocumentName(file)) {
      others++;
    } else if (Files.isRegularFile(file)) {
      files.add(new Found(nameOf(file), file));
    } else {
      skip(file, attributes.isSymbolicLink() ? "a broken symbolic link" : "a device or a pipe");
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path path, IOException failure) throws IOException {
    if (path.equals(root)) {
      throw failure;
    }
    if (!isHidden(path)) {
      skip(path, reasonOf(failure));
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) {
    if (failure != null) {
      skip(folder, reasonOf(failure));
    }
    return FileVisitResult.CONTINUE;
  }

  private void skip(Path path, String reason) {
    skips.add(new Skip(nameOf(path), reason));
  }

  private String nameOf(Path path) {
    return StreamSupport.stream(root.relativize(path).spliterator(), false)
        .map(Path::toString)
        .collect(Collectors.joining("/"));
  }

  private static String reasonOf(IOException failure) {
    return failure instanceof AccessDeniedException
        ? "no permission to read it"
        : "reading failed: " + failure.getClass().getSimpleName();
  }

  private static boolean isHidden(Path path) {
    return path.getFileName().toString().startsWith(".");
  }

  private static boolean hasDocumentName(Path path) {
    String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
    return EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1))
        && name.lastIndexOf('.') > 0;
  }
}
