package io.neuralbridge.embedding;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The built-in model: needs no server, key, file or training. {@link #DEFAULT_DIMENSIONS} numbers a
 * text by default.
 *
 * <p><b>It is lexical, not semantic.</b> It finds texts that share words, parts of words and
 * near-spellings with the question; it does not know that a car is an automobile, nor any second
 * language. It is meant for the first run, for tests, for offline use and as a fallback; use a
 * neural model where meaning matters. On real documentation it finds about what BM25 finds, and
 * clearly more when words are misspelt; {@code docs/retrieval.md} has the figures.
 *
 * <p>How it works: each distinct word of a text weighs {@code s(n) * rarity^p}, where {@code s(n) =
 * 4n / (n + 3)} is BM25's saturation of its count n, and rarity is the inverse document frequency
 * that a built-in table of common English words gives it, or a high one if it is not in there; p is
 * 3/4 in documents, 1/2 in questions. The word, without its plural, and its character n-grams of 3
 * and 4 letters are hashed, with signs, onto the dimensions (feature hashing, Weinberger et al.
 * 2009). Each dimension is then damped to the power of 3/4, and the vector is scaled to length 1.
 *
 * <p>A text's vector depends on nothing but the text, the {@link InputType} and the dimensions: it
 * is the same in every process and stays valid as the corpus grows. Texts in scripts without spaces
 * are cut into pairs of characters; texts without a letter or digit are compared by their symbols;
 * no text gives a zero vector. Cost and memory grow with the length of the text, which has no
 * limit.
 *
 * <p>Immutable and safe for use by many threads at once.
 */
public final class LocalEmbeddingModel implements EmbeddingModel {

  /** Where more dimensions stopped paying on the retrieval test. */
  public static final int DEFAULT_DIMENSIONS = 1024;

  /** Raise whenever any vector changes, be it by the code or by the table of words. */
  private static final int VERSION = 1;

  private static final int MIN_DIMENSIONS = 64;
  private static final int MAX_DIMENSIONS = 4096;

  private final int dimensions;

  private LocalEmbeddingModel(int dimensions) {
    this.dimensions = dimensions;
  }

  /** A model of {@link #DEFAULT_DIMENSIONS}. */
  public static LocalEmbeddingModel create() {
    return new LocalEmbeddingModel(DEFAULT_DIMENSIONS);
  }

  /**
   * A model of another size, under another {@link #modelId}. More dimensions keep more words apart
   * and cost memory and search time in proportion.
   *
   * @param dimensions 64 to 4096
   */
  public LocalEmbeddingModel withDimensions(int dimensions) {
    if (dimensions < MIN_DIMENSIONS || dimensions > MAX_DIMENSIONS) {
      throw new IllegalArgumentException(
          "dimensions must be %d to %d: %d".formatted(MIN_DIMENSIONS, MAX_DIMENSIONS, dimensions));
    }
    return new LocalEmbeddingModel(dimensions);
  }

  /** For example {@code "neuralbridge-local-1-1024"}: version and dimensions. */
  @Override
  public String modelId() {
    return "neuralbridge-local-" + VERSION + "-" + dimensions;
  }

  @Override
  public int dimensions() {
    return dimensions;
  }

  /**
   * 1: it gains nothing from batches, and callers that save after each call lose less. {@link
   * #embed} takes any number of texts nevertheless.
   */
  @Override
  public int maxBatchSize() {
    return 1;
  }

  /**
   * Embeds texts. Counts no tokens.
   *
   * @param texts any number of texts, none blank
   * @return vectors of length 1
   * @throws IllegalArgumentException if a text is blank
   */
  @Override
  public EmbeddingResponse embed(List<String> texts, InputType inputType) {
    return new EmbeddingResponse(texts.stream().map(text -> embed(text, inputType)).toList(), 0);
  }

  private float[] embed(String text, InputType inputType) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("a blank text has nothing to embed");
    }
    HashedFeatures features = new HashedFeatures(dimensions);
    Weighting weighting = Weighting.of(inputType);
    counts(text)
        .forEach(
            (word, count) -> {
              float rarity = WordRarity.of(word);
              float weight = weighting.ofWord(rarity, count);
              features.addWord(Plurals.singular(word), weight);
              features.addGrams(word, weight * weighting.ofGrams(rarity));
            });
    return features.toUnitVector(text);
  }

  /** In the order of the text, so that sums of floats come out the same in every JVM. */
  private static Map<String, Integer> counts(String text) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    Words.forEach(text, word -> counts.merge(word, 1, Integer::sum));
    return counts;
  }
}
