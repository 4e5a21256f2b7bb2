package io.neuralbridge.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SentencesTest {

  @Test
  void aSentenceEndsBeforeTheSpaceThatFollowsIt() {
    assertThat(sentences("One. Two! Three? Four"))
        .containsExactly("One.", " Two!", " Three?", " Four");
  }

  @Test
  void quotesAndBracketsThatCloseBelongToIt() {
    assertThat(sentences("(He left.) \"No!\" Yes."))
        .containsExactly("(He left.)", " \"No!\"", " Yes.");
  }

  @Test
  void noSentenceStartsInLowerCase() {
    assertThat(sentences("See fig. one and file.txt now.")).hasSize(1);
  }

  @Test
  void singleLettersAreAbbreviations() {
    assertThat(sentences("By J. Smith, e.g. Him. Next"))
        .containsExactly("By J. Smith, e.g. Him.", " Next");
  }

  @Test
  void numbersAreNotTornApart() {
    assertThat(sentences("It is 3.14 or 1.000.000 then")).hasSize(1);
  }

  @Test
  void wideMarksNeedNoSpace() {
    assertThat(sentences("一。二！三")).containsExactly("一。", "二！", "三");
  }

  @Test
  void aLineMayEndASentence() {
    assertThat(Sentences.isEnded("Done.")).isTrue();
    assertThat(Sentences.isEnded("(Done.)")).isTrue();
    assertThat(Sentences.isEnded("and then,")).isFalse();
  }

  private static List<String> sentences(String text) {
    List<String> sentences = new ArrayList<>();
    for (int start = 0; start < text.length(); ) {
      int end = Sentences.end(text, start);
      sentences.add(text.substring(start, end));
      start = end;
    }
    return sentences;
  }
}
