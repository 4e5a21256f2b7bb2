package io.neuralbridge.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Texts far larger than what a chunker may hold, made up while they are read. */
@Timeout(120)
class ChunkerMemoryTest {

  private static final int FIFTY_MEGABYTES = 50_000_000;
  private static final int FIVE_MEGABYTES = 5_000_000;
  private static final int MEGABYTE = 1_000_000;
  private static final ChunkSize CHARACTERS = ChunkSize.characters(2000, 0);

  @Test
  void aLongTextIsNeverHeld() throws IOException {
    assertHoldsLittle(
        Chunker.markdown(CHARACTERS),
        new EndlessReader("", "# T\nA short line. And so on.\n\n", FIFTY_MEGABYTES));
    assertHoldsLittle(Chunker.plainText(CHARACTERS), "", "A short line. And so on.\n\n");
  }

  @Test
  void aLongLineIsNeverHeld() throws IOException {
    assertHoldsLittle(
        Chunker.plainText(CHARACTERS),
        new EndlessReader("", "some words without an end ", FIFTY_MEGABYTES));
    assertHoldsLittle(Chunker.markdown(CHARACTERS), "", "x");
  }

  @Test
  void aLongBlockIsNeverHeld() throws IOException {
    assertHoldsLittle(Chunker.markdown(CHARACTERS), "```\n", "int a = 0;\n");
    assertHoldsLittle(Chunker.markdown(CHARACTERS), "| a | a |\n|---|---|\n", "| b | c |\n");
    assertHoldsLittle(Chunker.markdown(CHARACTERS), "---\na: b\n", "- b\n");
  }

  @Test
  void longLinesAreCheapToCountInTokens() throws IOException {
    Chunker chunker = Chunker.plainText(ChunkSize.DEFAULT);

    assertThat(split(chunker, new EndlessReader("", "lorem ipsum ", MEGABYTE))).isPositive();
    assertThat(split(chunker, new EndlessReader("", "aB3", MEGABYTE))).isPositive();
  }

  private static void assertHoldsLittle(Chunker chunker, String start, String unit)
      throws IOException {
    assertHoldsLittle(chunker, new EndlessReader(start, unit, FIVE_MEGABYTES));
  }

  private static void assertHoldsLittle(Chunker chunker, EndlessReader reader) throws IOException {
    int held = split(chunker, reader);

    // The reader's buffer, two lines of the longest kind, a chunk and a block.
    assertThat(held).isBetween(1, 3 * LineSource.LONGEST + 3 * CHARACTERS.max());
  }

  /** The most characters that lay between two passages: what had been read but not handed on. */
  private static int split(Chunker chunker, EndlessReader reader) throws IOException {
    int[] readBefore = {0};
    int[] most = {0};
    chunker.split(
        reader,
        passage -> {
          most[0] = Math.max(most[0], reader.read - readBefore[0]);
          readBefore[0] = reader.read;
        });
    assertThat(reader.read).isEqualTo(reader.length);
    return most[0];
  }

  /** A start, then the same again and again. */
  private static final class EndlessReader extends Reader {
    private final String start;
    private final String unit;
    private final String repeated;
    private final int length;
    private int read;

    EndlessReader(String start, String unit, int length) {
      this.start = start;
      this.unit = unit;
      this.repeated = unit.repeat(1000);
      this.length = length;
    }

    @Override
    public int read(char[] target, int offset, int count) {
      if (read == length) {
        return -1;
      }
      boolean starting = read < start.length();
      String source = starting ? start : repeated;
      int from = starting ? read : (read - start.length()) % unit.length();
      int now = Math.min(Math.min(count, length - read), source.length() - from);
      source.getChars(from, from + now, target, offset);
      read += now;
      return now;
    }

    @Override
    public void close() {}
  }
}
