package io.neuralbridge.embedding;

/**
 * Sums features into a fixed number of dimensions: a feature's hash chooses the dimension and the
 * sign, so that collisions cancel out on average.
 */
final class HashedFeatures {
  private static final int SHORTEST_GRAM = 3;
  private static final int LONGEST_GRAM = 4;
  private static final long WORD_SEED = 0x3C79AC492BA7B653L;
  private static final long GRAM_SEED = 0x1C69B3F74AC4AE35L;
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final float HALF_ROOT = (float) Math.sqrt(0.5);

  private final float[] sums;

  HashedFeatures(int dimensions) {
    sums = new float[dimensions];
  }

  /** A word counts in two dimensions: one accident of hashing cannot hide or fake it. */
  void addWord(String word, float weight) {
    long hash = hash(word, WORD_SEED);
    add(mix(hash), weight * HALF_ROOT);
    add(mix(hash + GOLDEN), weight * HALF_ROOT);
  }

  /** The word's n-grams, its ends marked, share the weight: their squares sum to its square. */
  void addGrams(String word, float weight) {
    String marked = "<" + word + ">";
    int length = marked.length();
    int grams = 0;
    for (int n = SHORTEST_GRAM; n <= LONGEST_GRAM; n++) {
      grams += Math.max(0, length - n + 1);
    }
    float each = weight / (float) Math.sqrt(grams);
    for (int start = 0; start + SHORTEST_GRAM <= length; start++) {
      long hash = GRAM_SEED;
      int end = Math.min(length, start + LONGEST_GRAM);
      for (int i = start; i < end; i++) {
        hash = step(hash, marked.charAt(i));
        if (i - start + 1 >= SHORTEST_GRAM) {
          add(mix(hash), each);
        }
      }
    }
  }

  private void add(long hash, float weight) {
    int dimension = (int) (((hash >>> 33) * sums.length) >>> 31);
    sums[dimension] += (hash & 1) == 0 ? weight : -weight;
  }

  /**
   * The damped sums, scaled to length 1. Where all cancelled out, or there were none, a direction
   * that only the text decides.
   */
  float[] toUnitVector(String text) {
    double squares = 0;
    for (int i = 0; i < sums.length; i++) {
      sums[i] = Math.copySign(Roots.threeQuarters(Math.abs(sums[i])), sums[i]);
      squares += (double) sums[i] * sums[i];
    }
    if (squares == 0) {
      add(mix(hash(text, WORD_SEED)), 1);
      return sums;
    }
    float scale = (float) (1 / Math.sqrt(squares));
    for (int i = 0; i < sums.length; i++) {
      sums[i] *= scale;
    }
    return sums;
  }

  private static long hash(String text, long seed) {
    long hash = seed;
    for (int i = 0; i < text.length(); i++) {
      hash = step(hash, text.charAt(i));
    }
    return hash;
  }

  private static long step(long hash, char c) {
    return (hash ^ c) * GOLDEN + (hash >>> 29);
  }

  /** The finalizer of SplitMix64 (Steele, Lea and Flood, 2014). */
  private static long mix(long hash) {
    long z = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
