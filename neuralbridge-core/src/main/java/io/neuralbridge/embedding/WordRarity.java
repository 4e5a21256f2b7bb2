package io.neuralbridge.embedding;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * How rare a word is, as ln(passages / passages with the word) in a fixed body of English technical
 * prose. The table is part of the model: another table is another model version.
 */
final class WordRarity {
  /** For words that the table lacks: rarer than the rarest that it has. */
  static final float UNKNOWN = 7.5f;

  /** Numbers and codes: mostly noise, but those that are asked for matter. */
  static final float NUMERIC = 5;

  private static final String RESOURCE = "word-rarity.txt";
  private static final Map<String, Float> TABLE = read();

  private WordRarity() {}

  static float of(String word) {
    Float known = TABLE.get(word);
    if (known != null) {
      return known;
    }
    return word.codePoints().anyMatch(Character::isDigit) ? NUMERIC : UNKNOWN;
  }

  /** Each line is ten times a rarity and then the words that have it. */
  private static Map<String, Float> read() {
    Map<String, Float> table = new HashMap<>();
    try (InputStream in = WordRarity.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing from the class path");
      }
      new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
          .lines()
          .map(line -> line.split(" ", -1))
          .forEach(line -> put(table, line));
      return table;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void put(Map<String, Float> table, String[] line) {
    float rarity = Integer.parseInt(line[0]) / 10f;
    for (int i = 1; i < line.length; i++) {
      table.put(line[i], rarity);
    }
  }
}
