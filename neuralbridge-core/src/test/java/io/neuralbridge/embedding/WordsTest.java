package io.neuralbridge.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Hello, World! | hello world",
        "don't stop | don t stop",
        "x86_64 and UTF-8 | x86 64 and utf 8",
        "Straße naïve ÉCOLE | straße naive ecole",
        "ΟΔΟΣ οδος | οδοσ οδοσ",
        "ﬁle Ｋａｆｋａ | file kafka",
        "Привет, ёлка | привет елка",
        "हिन्दी भाषा | हिन्दी भाषा",
        "서울 한국어 | 서울 한국어",
        "(42%) … 3.14 | 42 3 14"
      })
  void aTextIsCutIntoFoldedWords(String text, String expected) {
    assertThat(String.join(" ", words(text))).isEqualTo(expected);
  }

  @Test
  void aCompoundGivesItsPartsAndThenItself() {
    assertThat(words("set maxPollRecords now"))
        .containsExactly("set", "max", "poll", "records", "maxpollrecords", "now");
  }

  @Test
  void abbreviationsStayWhole() {
    assertThat(words("JSON OAuth2 camelCASE"))
        .containsExactly("json", "oauth2", "camel", "case", "camelcase");
  }

  @Test
  void scriptsWithoutSpacesGivePairsOfCharacters() {
    assertThat(words("東京都 です。山")).containsExactly("東京", "京都", "です", "山");
    assertThat(words("Kafka入門guide")).containsExactly("kafka", "入門", "guide");
    assertThat(words("𠮷野家")).containsExactly("𠮷野", "野家");
  }

  @Test
  void aTextWithoutLettersGivesItsSymbols() {
    assertThat(words("🎉 -> 🎉")).containsExactly("🎉", "-", ">", "🎉");
  }

  @Test
  void symbolsBesideWordsAreIgnored() {
    assertThat(words("done 🎉")).containsExactly("done");
  }

  @Test
  void aVeryLongRunIsCutIntoPieces() {
    List<String> words = words("a".repeat(1000));

    assertThat(words).allSatisfy(word -> assertThat(word.length()).isLessThanOrEqualTo(48));
    assertThat(String.join("", words)).hasSize(1000);
  }

  @ParameterizedTest
  @CsvSource({
    "messages,message",
    "queries,query",
    "classes,class",
    "boxes,box",
    "patches,patch",
    "class,class",
    "status,status",
    "analysis,analysis",
    "aws,aws",
    "dies,die",
    "ß,ß"
  })
  void regularPluralsLoseTheirEnding(String word, String singular) {
    assertThat(Plurals.singular(word)).isEqualTo(singular);
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    Words.forEach(text, words::add);
    return words;
  }
}
