package io.neuralbridge.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TruncationTest {

  private final TokenCounter tokens = TokenCounter.cl100k();
  private final TokenCounter characters = CharSequence::length;

  @Test
  void whatFitsIsReturnedAsItIs() {
    String text = "hello world";

    assertThat(tokens.truncate(text, 2)).isSameAs(text);
    assertThat(tokens.truncate("", 0)).isEmpty();
    assertThat(characters.truncate(text, 11)).isSameAs(text);
    assertThat(characters.truncate(text, 100)).isSameAs(text);
  }

  @Test
  void theBeginningThatFitsIsAsLongAsCanBe() {
    assertThat(tokens.truncate("hello world, hello world", 3)).isEqualTo("hello world,");
    assertThat(characters.truncate("hello world", 5)).isEqualTo("hello");
    assertThat(characters.truncate("hello world", 1)).isEqualTo("h");
    assertThat(characters.truncate("hello world", 0)).isEmpty();
  }

  @Test
  void noCharacterIsTornApart() {
    String family = "👨‍👩‍👧";

    assertThat(characters.truncate("a" + family, 4)).isEqualTo("a");
    assertThat(characters.truncate("e\u0301e\u0301", 3)).isEqualTo("e\u0301");
    assertThat(characters.truncate("👍", 1)).isEmpty();
  }

  @Test
  void aRandomTextIsCutToItsLimitAndNoFurtherThanNeeded() {
    Random random = new Random(7);
    for (int i = 0; i < 50; i++) {
      String text = randomWords(random);
      int max = 1 + random.nextInt(60);

      String cut = tokens.truncate(text, max);

      assertThat(text).startsWith(cut);
      assertThat(tokens.count(cut)).isLessThanOrEqualTo(max);
      if (cut.length() < text.length()) {
        assertThat(tokens.count(cut)).as(text).isGreaterThanOrEqualTo(max - 2);
      }
    }
  }

  private static String randomWords(Random random) {
    StringBuilder text = new StringBuilder();
    for (int word = random.nextInt(80); word >= 0; word--) {
      random.ints(1 + random.nextInt(9), 'a', 'z' + 1).forEach(text::appendCodePoint);
      text.append(random.nextInt(5) == 0 ? "語 " : " ");
    }
    return text.toString();
  }

  @Test
  void aTextFarBeyondTheLimitIsNotCountedWhole() {
    int[] longest = new int[1];
    TokenCounter watched =
        text -> {
          longest[0] = Math.max(longest[0], text.length());
          return text.length() / 4;
        };

    assertThat(watched.truncate("abcd".repeat(1_000_000), 100)).hasSize(403);
    assertThat(longest[0]).isLessThan(1_000);
  }

  @Test
  void aNegativeLimitIsRefused() {
    assertThatThrownBy(() -> tokens.truncate("a", -1)).hasMessageContaining("-1");
  }
}
