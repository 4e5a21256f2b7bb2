package io.neuralbridge.text;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Cuts a text into {@link Passage}s that can be understood, embedded and found on their own.
 *
 * <p>Every chunker made here keeps these promises:
 *
 * <ul>
 *   <li>The same text gives the same passages, on every machine and in every run.
 *   <li>{@link Passage#embeddingText()} is never larger than {@link ChunkSize#max()}.
 *   <li>Every word of the source is in the text or the heading of some passage. Only marks of
 *       structure are dropped: those of headings and front matter, and horizontal rules.
 *   <li>A passage never spans two sections. Within one, cuts are made between blocks if possible,
 *       else between list items, lines, sentences, words, and last between characters, never inside
 *       a surrogate pair and, if possible, not inside what a reader sees as one character.
 *   <li>Memory is bounded by the chunk size, whatever the length of the text or of its lines.
 * </ul>
 *
 * <p>Before cutting, {@code \r\n}, {@code \r} and form feeds become line ends, a byte order mark at
 * the start and white space at the end of a line are dropped, several blank lines become one, and a
 * run of more than 64 white space characters is shortened to 64. Tabs stay, since code needs them.
 *
 * <p>Chunkers have no state and may be used by several threads at once.
 */
public interface Chunker {

  /**
   * Reads {@code text} to its end, without closing it, and hands on each passage as soon as it is
   * complete, in order of position.
   *
   * @throws IOException if {@code text} cannot be read; passages handed on before stay valid
   */
  void split(Reader text, Consumer<Passage> sink) throws IOException;

  /** The passages of {@code text}; none if it is blank. */
  default List<Passage> split(String text) {
    List<Passage> passages = new ArrayList<>();
    try {
      split(new StringReader(text), passages::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.copyOf(passages);
  }

  /** {@link #markdown(ChunkSize, TokenCounter)} with {@link TokenCounter#cl100k()}. */
  static Chunker markdown(ChunkSize size) {
    return markdown(size, TokenCounter.cl100k());
  }

  /**
   * Cuts Markdown. Headings become the heading path. A code block, table or list stays whole if it
   * fits; a code block that does not is fenced in each of its pieces, and a table repeats its head.
   * Front matter is kept as text, for it often holds the title and the tags.
   *
   * @param tokens what counts tokens; not used for sizes in characters
   */
  static Chunker markdown(ChunkSize size, TokenCounter tokens) {
    return new StreamingChunker(Measure.of(size, tokens), MarkdownParser::new);
  }

  /** {@link #plainText(ChunkSize, TokenCounter)} with {@link TokenCounter#cl100k()}. */
  static Chunker plainText(ChunkSize size) {
    return plainText(size, TokenCounter.cl100k());
  }

  /**
   * Cuts plain text, whose blocks are set apart by blank lines. Its heading paths are empty.
   *
   * @param tokens what counts tokens; not used for sizes in characters
   */
  static Chunker plainText(ChunkSize size, TokenCounter tokens) {
    return new StreamingChunker(Measure.of(size, tokens), PlainTextParser::new);
  }

  /**
   * The chunker for a file of that name: Markdown for {@code .md}, {@code .markdown}, {@code
   * .mdown} and {@code .mkd} in any case, else plain text.
   */
  static Chunker forName(String fileName, ChunkSize size) {
    String name = fileName.toLowerCase(Locale.ROOT);
    boolean markdown =
        name.endsWith(".md")
            || name.endsWith(".markdown")
            || name.endsWith(".mdown")
            || name.endsWith(".mkd");
    return markdown ? markdown(size) : plainText(size);
  }
}
