package io.neuralbridge.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MarkdownChunkerTest {

  private static final Chunker LARGE = Chunker.markdown(ChunkSize.characters(1000, 0));
  private static final Chunker SMALL = Chunker.markdown(ChunkSize.characters(100, 0));

  @Test
  void eachSectionIsAPassageUnderItsHeadings() {
    String text =
        """
        Before.

        # Install
        Intro.
        ## Linux ##
        Use apt.
        ## Windows
        Use winget.
        # Use
        Run it.
        """;

    assertThat(LARGE.split(text))
        .containsExactly(
            new Passage(0, "", "Before."),
            new Passage(1, "Install", "Intro."),
            new Passage(2, "Install > Linux", "Use apt."),
            new Passage(3, "Install > Windows", "Use winget."),
            new Passage(4, "Use", "Run it."));
  }

  @Test
  void underlinedHeadingsCountToo() {
    assertThat(LARGE.split("Title\n=====\na\n\nPart\n---\nb"))
        .containsExactly(new Passage(0, "Title", "a"), new Passage(1, "Title > Part", "b"));
  }

  @Test
  void aHeadingWithoutContentBecomesText() {
    assertThat(LARGE.split("# A\n## B\n## C\ntext\n# D"))
        .containsExactly(
            new Passage(0, "A", "B"), new Passage(1, "A > C", "text"), new Passage(2, "", "D"));
  }

  @Test
  void aHeadingTooLongForThePathIsTextOfItsSection() {
    String title = "long ".repeat(10).strip();

    assertThat(SMALL.split("# A\n## " + title + "\ntext"))
        .containsExactly(new Passage(0, "A", title + "\ntext"));
  }

  @Test
  void numberSignsInCodeAreNoHeadings() {
    String fenced = "```sh\n# no heading\n```";
    String indented = "    # no heading";

    assertThat(LARGE.split(fenced)).containsExactly(new Passage(0, "", fenced));
    assertThat(LARGE.split(indented)).containsExactly(new Passage(0, "", indented));
    assertThat(LARGE.split("#hashtag")).containsExactly(new Passage(0, "", "#hashtag"));
  }

  @Test
  void smallBlocksShareAPassage() {
    assertThat(texts(LARGE, "One.\n\n- a\n- b\n\n> quote\n\nTwo.\n"))
        .containsExactly("One.\n\n- a\n- b\n\n> quote\n\nTwo.");
  }

  @Test
  void aParagraphThatDoesNotFitStartsThePassageAfter() {
    String first = "First sentence here. ".repeat(3).strip();
    String second = "Second sentence here. ".repeat(3).strip();

    assertThat(texts(SMALL, first + "\n\n" + second)).containsExactly(first, second);
  }

  @Test
  void aLongParagraphIsCutBetweenSentences() {
    assertThat(texts(SMALL, "This sentence has thirty chars. ".repeat(6)))
        .hasSize(2)
        .allMatch(text -> text.startsWith("This") && text.endsWith("chars."));
  }

  @Test
  void codeThatFitsStaysWhole() {
    String code = "```java\n" + lines("int a%d;", 8) + "\n```";

    assertThat(texts(SMALL, "A short paragraph comes first.\n\n" + code + "\n\nAfter."))
        .containsExactly("A short paragraph comes first.", code + "\n\nAfter.");
  }

  @Test
  void codeThatDoesNotFitIsFencedInEachPiece() {
    List<String> texts = texts(SMALL, "~~~java\n" + lines("int variable%d;", 30) + "\n~~~");

    assertThat(texts)
        .hasSizeGreaterThan(3)
        .allMatch(text -> text.startsWith("~~~java\nint ") && text.endsWith(";\n~~~"));
  }

  @Test
  void aFenceIsClosedByOneOfItsKindThatIsLongEnough() {
    String text = "````\n```\n~~~~\n# code\n````\n# Heading\ntext";

    assertThat(LARGE.split(text))
        .containsExactly(
            new Passage(0, "", "````\n```\n~~~~\n# code\n````"), new Passage(1, "Heading", "text"));
  }

  @Test
  void aFenceThatIsNeverClosedEndsWithTheText() {
    assertThat(texts(LARGE, "```\na\n# b")).containsExactly("```\na\n# b\n```");
  }

  @Test
  void anEmptyFenceKeepsItsInfo() {
    assertThat(texts(LARGE, "```mermaid\n```")).containsExactly("```mermaid\n\n```");
  }

  @Test
  void codeInAListStaysInIt() {
    String text = "1. Do\n\n   ```sh\n   run\n   ```\n2. Done";

    assertThat(texts(LARGE, text)).containsExactly(text);
  }

  @Test
  void aTableIsCutBetweenRowsAndRepeatsItsHead() {
    String head = "| a | b |\n|---|---|";

    List<String> texts = texts(SMALL, head + "\n" + lines("| cell%d | cell |", 20));

    assertThat(texts)
        .hasSizeGreaterThan(3)
        .allMatch(text -> text.startsWith(head + "\n| cell") && text.endsWith("|"));
  }

  @Test
  void aListIsCutBetweenItems() {
    List<String> texts = texts(SMALL, lines("- item number %d\n  goes on", 12));

    assertThat(texts)
        .hasSizeGreaterThan(2)
        .allMatch(text -> text.startsWith("- item") && text.endsWith("goes on"));
  }

  @Test
  void frontMatterIsText() {
    assertThat(LARGE.split("---\ntitle: T\ntags: [a]\n# comment\n---\n# H\ntext"))
        .containsExactly(
            new Passage(0, "", "title: T\ntags: [a]\n# comment"), new Passage(1, "H", "text"));
  }

  @Test
  void rulesAreDropped() {
    assertThat(texts(LARGE, "---\n\na\n\n* * *\n\nb\n\n---\n")).containsExactly("a\n\nb");
  }

  @Test
  void overlapRepeatsWholeSentencesOfTheSameSectionOnly() {
    Chunker chunker = Chunker.markdown(ChunkSize.characters(100, 45));
    String text = "# A\n" + numbered(1, 6) + "\n# B\n" + numbered(7, 8);

    assertThat(chunker.split(text))
        .containsExactly(
            new Passage(0, "A", numbered(1, 3)),
            new Passage(1, "A", numbered(3, 5)),
            new Passage(2, "A", numbered(5, 6)),
            new Passage(3, "B", numbered(7, 8)));
  }

  @Test
  void overlapInsideCodeIsFencedToo() {
    Chunker chunker = Chunker.markdown(ChunkSize.characters(100, 40));

    List<String> texts = texts(chunker, "```java\n" + lines("int variable%d;", 20) + "\n```");

    assertThat(texts).allMatch(text -> text.startsWith("```java\nint") && text.endsWith(";\n```"));
    assertThat(texts.get(0)).contains("variable4;");
    assertThat(texts.get(1)).contains("variable4;");
  }

  @Test
  void theFileNameDecidesAboutTheSyntax() {
    ChunkSize size = ChunkSize.characters(100, 0);

    assertThat(Chunker.forName("a/README.MD", size).split("# A\nb"))
        .containsExactly(new Passage(0, "A", "b"));
    assertThat(Chunker.forName("notes.txt", size).split("# A\nb"))
        .containsExactly(new Passage(0, "", "# A\nb"));
  }

  private static String numbered(int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj("This is sentence number %d."::formatted)
        .collect(Collectors.joining(" "));
  }

  private static String lines(String format, int count) {
    return IntStream.range(0, count).mapToObj(format::formatted).collect(Collectors.joining("\n"));
  }

  private static List<String> texts(Chunker chunker, String text) {
    return chunker.split(text).stream().map(Passage::text).toList();
  }
}
