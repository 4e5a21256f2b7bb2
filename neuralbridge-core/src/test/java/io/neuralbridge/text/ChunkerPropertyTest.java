package io.neuralbridge.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.text.ChunkSize.Unit;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What must hold for any text; a failure names the seed that shows it. */
class ChunkerPropertyTest {

  private static final int RUNS = 300;
  private static final Pattern WORD = Pattern.compile("w[0-9]+x*");

  @Test
  void noPassageIsLargerThanTheMaximum() {
    forEachCase(
        (sized, text, passages) -> {
          for (Passage passage : passages) {
            int size =
                sized.unit() == Unit.TOKENS
                    ? TokenCounter.cl100k().count(passage.embeddingText())
                    : passage.embeddingText().length();
            assertThat(size).isLessThanOrEqualTo(sized.max());
            assertThat(passage.text()).isNotBlank();
          }
        });
  }

  @Test
  void noWordIsLost() {
    forEachCase(
        (size, text, passages) -> {
          String found =
              passages.stream()
                  .map(passage -> passage.heading() + " " + passage.text())
                  .collect(Collectors.joining(" "));
          if (size.max() >= 300) {
            assertThat(words(found)).containsAll(words(text));
          }
          // Small chunks tear words apart, yet every digit is in them at least as often.
          countsOfDigits(text)
              .forEach(
                  (digit, count) ->
                      assertThat(countsOfDigits(found).getOrDefault(digit, 0L))
                          .isGreaterThanOrEqualTo(count));
        });
  }

  @Test
  void plainTextWithoutOverlapIsTheSourceButForWhiteSpace() {
    for (long seed = 0; seed < RUNS; seed++) {
      String text = RandomMarkdown.of(seed);
      int max = 16 + new Random(seed).nextInt(400);
      ChunkSize size = seed % 2 == 0 ? ChunkSize.tokens(max, 0) : ChunkSize.characters(max, 0);

      String joined =
          Chunker.plainText(size).split(text).stream()
              .map(Passage::text)
              .collect(Collectors.joining());

      assertThat(withoutWhiteSpace(joined)).as("seed %d", seed).isEqualTo(withoutWhiteSpace(text));
    }
  }

  @Test
  void positionsAreDense() {
    forEachCase(
        (size, text, passages) -> {
          for (int i = 0; i < passages.size(); i++) {
            assertThat(passages.get(i).position()).isEqualTo(i);
          }
        });
  }

  @Test
  void noSurrogatePairIsTorn() {
    forEachCase(
        (size, text, passages) ->
            assertThat(passages).allMatch(p -> CleanText.of(p.embeddingText()).replaced() == 0));
  }

  @Test
  void theSameTextGivesTheSamePassagesHoweverItIsRead() {
    forEachCase(
        (size, text, passages) -> {
          List<Passage> again = new ArrayList<>();
          try {
            Chunker.markdown(size).split(new TricklingReader(text), again::add);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
          assertThat(again).isEqualTo(passages);
        });
  }

  private interface Check {
    void accept(ChunkSize size, String text, List<Passage> passages);
  }

  private static void forEachCase(Check check) {
    for (long seed = 0; seed < RUNS; seed++) {
      String text = RandomMarkdown.of(seed);
      ChunkSize size = size(new Random(seed));
      try {
        check.accept(size, text, Chunker.markdown(size).split(text));
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ", " + size, e);
      }
    }
  }

  private static ChunkSize size(Random random) {
    int max = random.nextBoolean() ? 16 + random.nextInt(60) : 300 + random.nextInt(500);
    int overlap = random.nextInt((max + 1) / 2);
    return new ChunkSize(max, overlap, random.nextBoolean() ? Unit.TOKENS : Unit.CHARACTERS);
  }

  private static Set<String> words(String text) {
    return WORD.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
  }

  private static Map<Character, Long> countsOfDigits(String text) {
    return text.chars()
        .filter(c -> c >= '0' && c <= '9')
        .mapToObj(c -> (char) c)
        .collect(Collectors.groupingBy(c -> c, Collectors.counting()));
  }

  private static String withoutWhiteSpace(String text) {
    return text.replaceAll("\\s", "");
  }

  /** Gives one to three characters at a time. */
  private static final class TricklingReader extends Reader {
    private final StringReader text;
    private int calls;

    TricklingReader(String text) {
      this.text = new StringReader(text);
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
      return text.read(target, offset, Math.min(length, 1 + calls++ % 3));
    }

    @Override
    public void close() {
      text.close();
    }
  }
}
