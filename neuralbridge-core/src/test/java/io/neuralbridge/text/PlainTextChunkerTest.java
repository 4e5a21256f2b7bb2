package io.neuralbridge.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlainTextChunkerTest {

  private static final Chunker SMALL = Chunker.plainText(ChunkSize.characters(100, 0));

  @Test
  void blankTextHasNoPassages() {
    assertThat(SMALL.split("")).isEmpty();
    assertThat(SMALL.split("\uFEFF \r\n\t\f \n")).isEmpty();
  }

  @Test
  void lineEndsAndBlankLinesAreNormalised() {
    assertThat(SMALL.split("a  \r\nb\r\rc\fd"))
        .containsExactly(new Passage(0, "", "a\nb\n\nc\n\nd"));
  }

  @Test
  void markdownMarksAreJustText() {
    assertThat(SMALL.split("# a\n```\n---\n| x |"))
        .containsExactly(new Passage(0, "", "# a\n```\n---\n| x |"));
  }

  @Test
  void wrappedLinesAreCutWhereASentenceEnds() {
    String sentence = "Here is a sentence that was\nwrapped to the margin of a page.\n";

    assertThat(SMALL.split(sentence.repeat(3)))
        .extracting(Passage::text)
        .allMatch(text -> text.startsWith("Here") && text.endsWith("page."));
  }

  @Test
  void aLongSentenceIsCutBetweenWords() {
    List<Passage> passages = SMALL.split("word ".repeat(100));

    assertThat(passages).extracting(Passage::text).allMatch(text -> text.matches("(word ?)+"));
  }

  @Test
  void aLongWordIsCutOutsideOfWhatReadsAsOneCharacter() {
    String family = "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67";

    assertThat(SMALL.split(family.repeat(100)))
        .hasSizeGreaterThan(7)
        .extracting(Passage::text)
        .allMatch(text -> text.matches("(" + family + ")+"));
  }

  @Test
  void textWithoutSpacesIsCutAfterItsFullStops() {
    assertThat(SMALL.split("これは日本語の文章です。".repeat(30)))
        .extracting(Passage::text)
        .allMatch(text -> text.endsWith("。"));
  }

  @Test
  void aCounterOfYourOwnDecidesTheSize() {
    TokenCounter words = text -> text.toString().strip().split("\\s+").length;

    List<Passage> passages =
        Chunker.plainText(ChunkSize.tokens(20, 0), words).split("word ".repeat(100));

    assertThat(passages).allMatch(passage -> words.count(passage.text()) <= 20);
  }

  @Test
  void aCounterThatIsNeverSatisfiedStillEnds() {
    Chunker chunker = Chunker.plainText(ChunkSize.tokens(20, 5), text -> 1000);

    assertThat(chunker.split("ab c")).extracting(Passage::text).containsExactly("a", "b", "c");
  }

  @Test
  void aReaderThatFailsIsReported() {
    Reader broken =
        new Reader() {
          @Override
          public int read(char[] target, int offset, int length) throws IOException {
            throw new IOException("disk");
          }

          @Override
          public void close() {}
        };

    assertThatThrownBy(() -> SMALL.split(broken, passage -> {}))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(UncheckedIOException.class)
        .hasMessage("disk");
  }

  @Test
  void theHeadingIsPartOfWhatIsEmbedded() {
    assertThat(new Passage(0, "A > B", "text").embeddingText()).isEqualTo("A > B\ntext");
    assertThat(new Passage(0, "", "text").embeddingText()).isEqualTo("text");
  }
}
