package io.neuralbridge.embedding;

import java.util.function.Consumer;

/**
 * Cuts a text into folded words: runs of letters and digits, lower case, without accents. A
 * compound like {@code maxPollRecords} gives its parts and then itself; scripts that put no spaces
 * between words give overlapping pairs of characters; a text without a letter or digit gives its
 * symbols.
 */
final class Words {
  /** Longer runs are cut, so that a line of a megabyte is many words and not one. */
  private static final int MAX_LENGTH = 48;

  private final Consumer<String> sink;
  private final StringBuilder word = new StringBuilder();
  private int partStart;
  private boolean compound;
  private int previous;
  private boolean unspaced;
  private boolean any;

  private Words(Consumer<String> sink) {
    this.sink = sink;
  }

  static void forEach(String text, Consumer<String> sink) {
    String plain = Characters.withoutAccents(text);
    Words words = new Words(sink);
    plain.codePoints().forEach(words::accept);
    words.endRun();
    if (!words.any) {
      plain
          .codePoints()
          .filter(c -> !Character.isWhitespace(c))
          .forEach(c -> sink.accept(Character.toString(c)));
    }
  }

  private void accept(int c) {
    if (!Characters.isPartOfWord(c)) {
      endRun();
      return;
    }
    boolean pairs = Characters.isUnspaced(c);
    if (pairs != unspaced || word.length() >= MAX_LENGTH) {
      endRun();
    }
    unspaced = pairs;
    if (pairs) {
      pairWithPrevious(c);
    } else {
      append(c);
    }
    previous = c;
  }

  private void append(int c) {
    if (Character.isUpperCase(c) && Character.isLowerCase(previous)) {
      compound = true;
      emit(word.substring(partStart));
      partStart = word.length();
    }
    word.appendCodePoint(Characters.fold(c));
  }

  private void pairWithPrevious(int c) {
    if (!word.isEmpty()) {
      compound = true;
      emit(Character.toString(previous) + Character.toString(c));
    }
    word.appendCodePoint(c);
  }

  private void endRun() {
    if (unspaced) {
      endPairs();
    } else {
      endWord();
    }
    word.setLength(0);
    partStart = 0;
    compound = false;
    previous = 0;
  }

  private void endPairs() {
    if (!word.isEmpty() && !compound) {
      emit(word.toString());
    }
  }

  private void endWord() {
    if (word.length() > partStart) {
      emit(word.substring(partStart));
    }
    if (compound) {
      emit(word.toString());
    }
  }

  private void emit(String found) {
    any = true;
    sink.accept(found);
  }
}
