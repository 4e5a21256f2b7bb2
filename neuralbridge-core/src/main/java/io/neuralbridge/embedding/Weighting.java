package io.neuralbridge.embedding;

/**
 * How much a word counts. The numbers were found by coordinate search on the tuning half of the
 * retrieval test and rounded; {@code docs/retrieval.md} tells what else was tried.
 */
enum Weighting {
  DOCUMENT {
    @Override
    float ofRarity(double rarity) {
      return Roots.threeQuarters(rarity);
    }

    @Override
    float ofGrams(float rarity) {
      return 1.4f;
    }
  },

  QUERY {
    @Override
    float ofRarity(double rarity) {
      return (float) Math.sqrt(rarity);
    }

    /** A word that no table knows may be a misspelling: its parts say more than the whole. */
    @Override
    float ofGrams(float rarity) {
      return rarity == WordRarity.UNKNOWN ? 2.4f : 1.7f;
    }
  };

  /** Counts beyond this hardly matter. */
  private static final float SATURATION = 3;

  static Weighting of(InputType inputType) {
    return switch (inputType) {
      case DOCUMENT -> DOCUMENT;
      case QUERY -> QUERY;
    };
  }

  final float ofWord(float rarity, int count) {
    return ofRarity(rarity) * count * (1 + SATURATION) / (count + SATURATION);
  }

  abstract float ofRarity(double rarity);

  /** The weight of all n-grams of a word together, relative to the word itself. */
  abstract float ofGrams(float rarity);
}
