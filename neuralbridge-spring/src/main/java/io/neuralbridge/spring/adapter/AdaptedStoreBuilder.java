package io.neuralbridge.spring.adapter;

import io.neuralbridge.vector.VectorRecord;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the adapters of stores have in common to be told. Not for use by many threads at once. */
abstract class AdaptedStoreBuilder<B extends AdaptedStoreBuilder<B>> {

  @Nullable CollectionCatalog catalog;
  Function<VectorRecord, String> text = VectorRecord::id;
  boolean deletesFirst;
  int mostResults = 10_000;

  abstract B self();

  /**
   * Keeps what the store does not tell. Unless set, {@code count} and {@code collections} throw,
   * {@code delete} returns how many ids it was given, and a vector of another length is refused by
   * the store, in its own words.
   */
  public B catalog(CollectionCatalog catalog) {
    this.catalog = catalog;
    return self();
  }

  /**
   * The text that is stored with a record, for other readers of the store; the record's id unless
   * set. Must not be blank.
   */
  public B text(Function<VectorRecord, String> text) {
    this.text = text;
    return self();
  }

  /**
   * Whether records are deleted before they are stored, for stores that keep both otherwise. Then a
   * search between the two finds neither.
   */
  public B deletesFirst(boolean deletesFirst) {
    this.deletesFirst = deletesFirst;
    return self();
  }

  /** How many results the store gives at most; 10,000 unless set. Larger searches get so many. */
  public B mostResults(int mostResults) {
    if (mostResults < 1) {
      throw new IllegalArgumentException("mostResults must be at least 1: " + mostResults);
    }
    this.mostResults = mostResults;
    return self();
  }
}
