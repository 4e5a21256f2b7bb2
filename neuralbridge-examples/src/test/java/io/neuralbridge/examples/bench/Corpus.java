package io.neuralbridge.examples.bench;

import io.neuralbridge.text.ChunkSize;
import io.neuralbridge.text.Chunker;
import io.neuralbridge.text.Passage;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Documents of English-like words whose chunks are known: each paragraph is one, and no two are
 * alike. The same number gives the same document in every process.
 *
 * @param chunks how many there are in all documents
 */
record Corpus(int chunks) {

  /** How many chunks a document has, but the last. */
  static final int CHUNKS_A_DOCUMENT = 100;

  /** By which a paragraph is a chunk: two never fit. */
  static final ChunkSize SIZE = ChunkSize.characters(560, 0);

  private static final int LEAST_CHARACTERS = 480;
  private static final String[] WORDS =
      ("queue worker lease token claim settle vector chunk model batch node retry store ledger the"
              + " of and to in is that for it with as on by at from this which not are be or have"
              + " document provider request latency answer search index memory cluster database")
          .split(" ");

  /** A document with its chunks. */
  record Text(String name, List<String> chunks) {

    String whole() {
      return String.join("\n\n", chunks);
    }
  }

  int documents() {
    return (chunks + CHUNKS_A_DOCUMENT - 1) / CHUNKS_A_DOCUMENT;
  }

  Text document(int number) {
    int begin = number * CHUNKS_A_DOCUMENT;
    int end = Math.min(begin + CHUNKS_A_DOCUMENT, chunks);
    return new Text(
        "document-%06d.txt".formatted(number),
        IntStream.range(begin, end).mapToObj(Corpus::chunk).toList());
  }

  /** All of them, made one at a time. */
  Stream<Text> stream() {
    return IntStream.range(0, documents()).mapToObj(this::document);
  }

  private static String chunk(int number) {
    SplittableRandom random = new SplittableRandom(number);
    StringBuilder text = new StringBuilder("Paragraph ").append(number).append(" says:");
    while (text.length() < LEAST_CHARACTERS) {
      text.append(' ').append(WORDS[random.nextInt(WORDS.length)]);
    }
    return text.append('.').toString();
  }

  /** That NeuralBridge's chunks are those that the others are given. */
  void requireKnownCuts() {
    Text first = document(0);
    List<String> cut = new ArrayList<>();
    for (Passage passage : Chunker.forName(first.name(), SIZE).split(first.whole())) {
      cut.add(passage.embeddingText());
    }
    if (!cut.equals(first.chunks())) {
      throw new IllegalStateException("a document is not cut into its paragraphs: " + cut);
    }
  }
}
