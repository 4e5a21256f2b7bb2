package io.neuralbridge.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineSourceTest {

  @Test
  void everyKindOfLineEndIsTheSame() throws IOException {
    assertThat(texts("a\nb\r\nc\rd\fe")).containsExactly("a", "b", "c", "d", "e");
  }

  @Test
  void blankLinesBecomeAGap() throws IOException {
    assertThat(lines("a\n \t\n\nb\nc"))
        .containsExactly(
            new Line("a", false, false), new Line("b", true, false), new Line("c", false, false));
  }

  @Test
  void carriageReturnsAloneMakeAGapAndPairsDoNot() throws IOException {
    assertThat(lines("a\r\rb\r\nc")).extracting(Line::afterGap).containsExactly(false, true, false);
  }

  @Test
  void aFormFeedIsAGap() throws IOException {
    assertThat(lines("a\fb")).extracting(Line::afterGap).containsExactly(false, true);
  }

  @Test
  void aByteOrderMarkIsDroppedAtTheStartOnly() throws IOException {
    assertThat(texts("\uFEFFa\n\uFEFFb")).containsExactly("a", "\uFEFFb");
  }

  @Test
  void whiteSpaceIsDroppedAtTheEndAndKeptAtTheStart() throws IOException {
    assertThat(texts("\t a \t \n")).containsExactly("\t a");
  }

  @Test
  void aLongRunOfWhiteSpaceIsShortened() throws IOException {
    assertThat(texts("a" + " ".repeat(100_000) + "b")).containsExactly("a" + " ".repeat(64) + "b");
  }

  @Test
  void aLongLineComesInPiecesCutBetweenWords() throws IOException {
    String text = "word ".repeat(10_000).strip();

    List<Line> lines = lines(text);

    assertThat(lines).allMatch(line -> line.text().length() <= LineSource.LONGEST);
    assertThat(lines.get(0).continued()).isFalse();
    assertThat(lines.subList(1, lines.size()))
        .allMatch(line -> line.continued() && line.text().startsWith(" word"));
    assertThat(String.join("", lines.stream().map(Line::text).toList())).isEqualTo(text);
  }

  @Test
  void aLongLineWithoutSpacesIsCutOutsideOfPairs() throws IOException {
    String text = "x" + "\uD83D\uDE00".repeat(20_000);

    List<Line> lines = lines(text);

    assertThat(lines).allMatch(line -> CleanText.of(line.text()).replaced() == 0);
    assertThat(String.join("", lines.stream().map(Line::text).toList())).isEqualTo(text);
  }

  @Test
  void theLineAfterALongOneIsALineOfItsOwn() throws IOException {
    List<Line> lines = lines("x".repeat(LineSource.LONGEST) + "\nnext");

    assertThat(lines.get(lines.size() - 1)).isEqualTo(new Line("next", false, false));
  }

  @Test
  void aTabIndentsToTheNextMultipleOfFour() {
    assertThat(new Line("\ta", false, false).indent()).isEqualTo(4);
    assertThat(new Line("  \ta", false, false).indent()).isEqualTo(4);
  }

  private static List<String> texts(String text) throws IOException {
    return lines(text).stream().map(Line::text).toList();
  }

  private static List<Line> lines(String text) throws IOException {
    LineSource source = new LineSource(new StringReader(text));
    List<Line> lines = new ArrayList<>();
    for (Line line = source.next(); line != null; line = source.next()) {
      lines.add(line);
    }
    return lines;
  }
}
