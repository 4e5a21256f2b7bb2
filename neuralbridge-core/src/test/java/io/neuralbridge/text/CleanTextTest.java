package io.neuralbridge.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CleanTextTest {

  @Test
  void cleanTextIsNotCopied() {
    String text = "a\uD83D\uDE00\t\n";

    assertThat(CleanText.of(text).text()).isSameAs(text);
    assertThat(CleanText.of(text).replaced()).isZero();
    assertThat(CleanText.of("")).isEqualTo(new CleanText("", 0));
  }

  @Test
  void nulIsReplaced() {
    assertThat(CleanText.of("\0a\0")).isEqualTo(new CleanText("\uFFFDa\uFFFD", 2));
  }

  @Test
  void surrogatesWithoutPartnerAreReplaced() {
    assertThat(CleanText.of("a\uD83D")).isEqualTo(new CleanText("a\uFFFD", 1));
    assertThat(CleanText.of("\uDE00a")).isEqualTo(new CleanText("\uFFFDa", 1));
    assertThat(CleanText.of("\uD83D\uD83D\uDE00\uDE00"))
        .isEqualTo(new CleanText("\uFFFD\uD83D\uDE00\uFFFD", 2));
  }
}
