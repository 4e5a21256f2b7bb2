package io.neuralbridge.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.CharBuffer;
import org.junit.jupiter.api.Test;

class TokenCounterTest {

  private final TokenCounter counter = TokenCounter.cl100k();

  @Test
  void tokensAreThoseOfCl100k() {
    assertThat(counter.count("")).isZero();
    assertThat(counter.count("hello world")).isEqualTo(2);
    assertThat(counter.count(CharBuffer.wrap("tiktoken is great!"))).isEqualTo(6);
  }

  @Test
  void specialTokensAreOrdinaryText() {
    assertThat(counter.count("<|endoftext|>")).isGreaterThan(1);
  }

  @Test
  void brokenTextIsCountedToo() {
    assertThat(counter.count("a\uD800b")).isPositive();
    assertThat(counter.count("\u0000\uFFFF")).isPositive();
  }
}
