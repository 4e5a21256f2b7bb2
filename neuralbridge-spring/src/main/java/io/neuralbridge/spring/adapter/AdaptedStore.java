package io.neuralbridge.spring.adapter;

import io.neuralbridge.vector.DimensionMismatchException;
import io.neuralbridge.vector.VectorMatch;
import io.neuralbridge.vector.VectorQuery;
import io.neuralbridge.vector.VectorRecord;
import io.neuralbridge.vector.VectorStore;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Another library's store: our rules before and after its calls.
 *
 * @param <E> the other library's filter expression
 */
abstract class AdaptedStore<E> implements VectorStore {

  private static final Comparator<VectorMatch> NEAREST_FIRST =
      Comparator.<VectorMatch>comparingDouble(match -> -match.score())
          .thenComparing(VectorMatch::id);

  private final @Nullable CollectionCatalog catalog;
  private final FilterTranslation<E> filters;
  private final int mostResults;
  private final boolean deletesFirst;
  private final Function<VectorRecord, String> text;

  AdaptedStore(AdaptedStoreBuilder<?> builder, FilterTranslation<E> filters) {
    this.catalog = builder.catalog;
    this.filters = filters;
    this.mostResults = builder.mostResults;
    this.deletesFirst = builder.deletesFirst;
    this.text = builder.text;
  }

  /** Stores records of unit length, each id once, replacing if the store does. */
  abstract void put(String collection, Collection<VectorRecord> records);

  /** Deletes by {@link StoredIds}. */
  abstract void remove(String collection, List<String> storedIds);

  /** Deletes all that is in a collection. */
  abstract void removeAll(String collection);

  /** The nearest records, in any order. */
  abstract List<VectorMatch> nearest(String collection, float[] unit, int most, @Nullable E filter);

  /** The name of the other library's class, for messages. */
  abstract String who(String collection);

  final String text(VectorRecord record) {
    return text.apply(record);
  }

  /**
   * {@inheritDoc}
   *
   * <p>All or none as far as the store writes a list at once; most do so up to some hundreds. A
   * batch that failed may be stored in part, and be stored again.
   */
  @Override
  public final void upsert(String collection, Collection<VectorRecord> records) {
    Map<String, VectorRecord> batch = new LinkedHashMap<>();
    int dimensions = 0;
    for (VectorRecord record : records) {
      dimensions = dimensions == 0 ? fixed(collection, record.vector().length) : dimensions;
      requireDimensions(collection, dimensions, record.vector());
      float[] unit = UnitVectors.of(record.vector());
      batch.put(record.id(), new VectorRecord(record.id(), unit, record.metadata()));
    }
    if (batch.isEmpty()) {
      return;
    }
    if (deletesFirst) {
      remove(collection, StoredIds.of(collection, batch.keySet()));
    }
    put(collection, batch.values());
    if (catalog != null) {
      catalog.stored(collection, dimensions, batch.keySet());
    }
  }

  private int fixed(String collection, int otherwise) {
    return catalog == null ? otherwise : catalog.dimensions(collection).orElse(otherwise);
  }

  private static void requireDimensions(String collection, int expected, float[] vector) {
    if (vector.length != expected) {
      throw new DimensionMismatchException(collection, expected, vector.length);
    }
  }

  /** Without a {@link CollectionCatalog}, returns how many ids it was given. */
  @Override
  public final int delete(String collection, Collection<String> ids) {
    List<String> stored = StoredIds.of(collection, ids);
    if (stored.isEmpty() || isUnknown(collection)) {
      return 0;
    }
    remove(collection, stored);
    return catalog == null ? stored.size() : catalog.deleted(collection, ids);
  }

  /** Without a {@link CollectionCatalog}, returns true: the store does not tell. */
  @Override
  public final boolean drop(String collection) {
    if (isUnknown(collection)) {
      return false;
    }
    removeAll(collection);
    return catalog == null || catalog.dropped(collection);
  }

  private boolean isUnknown(String collection) {
    return catalog != null && catalog.dimensions(collection).isEmpty();
  }

  @Override
  public final List<VectorMatch> search(String collection, VectorQuery query) {
    if (catalog != null) {
      OptionalInt dimensions = catalog.dimensions(collection);
      if (dimensions.isEmpty()) {
        return List.of();
      }
      requireDimensions(collection, dimensions.getAsInt(), query.vector());
    }
    FilterTranslation.Translated<E> filter = filters.translate(query.filter());
    if (filter.expression() == null && !filter.passes()) {
      return List.of();
    }
    return nearestWithTies(
        collection, UnitVectors.of(query.vector()), query.k(), filter.expression());
  }

  // One more than asked for shows whether the store cut between equals, which it orders as it
  // likes; then more are fetched until the tie is whole.
  private List<VectorMatch> nearestWithTies(
      String collection, float[] unit, int k, @Nullable E filter) {
    int most = (int) Math.min(mostResults, k + 1L);
    while (true) {
      List<VectorMatch> matches =
          nearest(collection, unit, most, filter).stream().sorted(NEAREST_FIRST).toList();
      boolean tieIsCut =
          matches.size() >= most
              && most > k
              && matches.get(matches.size() - 1).score() == matches.get(k - 1).score();
      if (!tieIsCut || most == mostResults) {
        return matches.subList(0, Math.min(k, matches.size()));
      }
      most = (int) Math.min(mostResults, 4L * most);
    }
  }

  static VectorMatch match(Map<String, Object> metadata, double cosine) {
    String id = String.valueOf(metadata.get(StoredIds.ID));
    float score = (float) Math.max(-1, Math.min(1, cosine));
    return new VectorMatch(id, score, StoredIds.own(metadata));
  }

  /**
   * @throws UnsupportedOperationException without a {@link CollectionCatalog}
   */
  @Override
  public final long count(String collection) {
    return catalog("count its records", collection).count(collection);
  }

  /**
   * @throws UnsupportedOperationException without a {@link CollectionCatalog}
   */
  @Override
  public final List<String> collections() {
    return catalog("name its collections", "").collections();
  }

  private CollectionCatalog catalog(String what, String collection) {
    if (catalog == null) {
      throw new UnsupportedOperationException(
          "%s cannot %s: give the adapter's builder a catalog(…) that keeps them"
              .formatted(who(collection), what));
    }
    return catalog;
  }
}
