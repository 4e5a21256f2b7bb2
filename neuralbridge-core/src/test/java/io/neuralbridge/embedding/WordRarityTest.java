package io.neuralbridge.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WordRarityTest {

  @Test
  void commonWordsCountLessThanRareOnesAndThoseLessThanUnknownOnes() {
    assertThat(WordRarity.of("the")).isLessThan(1);
    assertThat(WordRarity.of("file")).isBetween(1f, 3f);
    assertThat(WordRarity.of("database")).isBetween(3f, 6f);
    assertThat(WordRarity.of("kafka")).isEqualTo(WordRarity.UNKNOWN);
  }

  @Test
  void noKnownWordIsRarerThanAnUnknownOne() {
    assertThat(WordRarity.of("ascending")).isLessThan(WordRarity.UNKNOWN);
  }

  @Test
  void numbersCountLessThanUnknownWords() {
    assertThat(WordRarity.of("2024")).isEqualTo(WordRarity.NUMERIC);
    assertThat(WordRarity.of("5f3a9c")).isEqualTo(WordRarity.NUMERIC);
  }
}
