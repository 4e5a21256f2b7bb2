package io.neuralbridge.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the documents to the files that they point at. */
class DocumentsTest {

  private static final Path ROOT = Path.of("..");
  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#)([^)#\\s]+)[^)]*\\)");
  private static final Pattern OURS =
      Pattern.compile("^\\| [^|]+ \\| [^|]*\\(\\.\\./[^)|]*(Test|Contract)\\.java\\) \\|");

  @Test
  void everyLinkLeadsToAFile() throws IOException {
    List<Path> documents = documents();
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path document : documents) {
      Matcher link = LINK.matcher(Files.readString(document));
      while (link.find()) {
        links++;
        Path target = document.resolveSibling(link.group(1)).normalize();
        if (!Files.exists(target)) {
          broken.add(ROOT.relativize(document) + " -> " + link.group(1));
        }
      }
    }

    assertThat(documents).hasSizeGreaterThan(4);
    assertThat(links).isGreaterThan(30);
    assertThat(broken).isEmpty();
  }

  @Test
  void eachRowOfTheComparisonLinksToATest() throws IOException {
    List<String> rows =
        Files.readAllLines(ROOT.resolve("docs/comparison.md")).stream()
            .filter(line -> line.startsWith("| ") && !line.startsWith("| |"))
            .toList();

    assertThat(rows).hasSizeGreaterThan(40);
    assertThat(rows).allMatch(row -> OURS.matcher(row).find());
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      return Stream.concat(top, docs)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .toList();
    }
  }
}
