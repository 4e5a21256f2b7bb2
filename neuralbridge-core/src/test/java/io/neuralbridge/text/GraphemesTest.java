package io.neuralbridge.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GraphemesTest {

  @Test
  void plainTextIsCutWhereAsked() {
    assertThat(Graphemes.cutBefore("abcd", 0, 2)).isEqualTo(2);
    assertThat(Graphemes.cutBefore("abcd", 0, 4)).isEqualTo(4);
  }

  @Test
  void accentsStayWithTheirLetter() {
    assertThat(Graphemes.cutBefore("ae\u0301b", 0, 2)).isEqualTo(1);
  }

  @Test
  void joinedAndTonedEmojiStayWhole() {
    assertThat(Graphemes.cutBefore("a\uD83D\uDC68\u200D\uD83D\uDC69", 0, 4)).isEqualTo(1);
    assertThat(Graphemes.cutBefore("a\uD83D\uDC4B\uD83C\uDFFD", 0, 3)).isEqualTo(1);
  }

  @Test
  void flagsStayWhole() {
    String flags = "\uD83C\uDDE9\uD83C\uDDEA".repeat(2);

    assertThat(Graphemes.cutBefore(flags, 0, 6)).isEqualTo(4);
    assertThat(Graphemes.cutBefore(flags, 0, 4)).isEqualTo(4);
  }

  @Test
  void withoutAnyGoodPlaceAtLeastPairsStayWhole() {
    assertThat(Graphemes.cutBefore("a\u0301\u0301\u0301", 0, 2)).isEqualTo(2);
    assertThat(Graphemes.cutBefore("\uD83D\uDE00", 0, 1)).isEqualTo(2);
    assertThat(Graphemes.cutBefore("\u200D\uD83D\uDE00", 0, 2)).isEqualTo(1);
  }
}
