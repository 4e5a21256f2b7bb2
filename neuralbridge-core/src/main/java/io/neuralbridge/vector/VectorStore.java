package io.neuralbridge.vector;

import java.util.Collection;
import java.util.List;

/**
 * Keeps ready vectors in named collections and finds the nearest ones. This is an SPI.
 *
 * <p>A collection comes into being with its first record, which fixes its dimensions; it is the
 * unit that a model, or a generation of one, owns; it stays, even empty, until it is dropped.
 * Scores are cosine similarities, -1 to 1, higher is nearer. Implementations are safe for use by
 * many threads at once; a search sees each record whole.
 */
public interface VectorStore {

  /**
   * Inserts records, replacing those with the same id; all or none. Of several with one id the last
   * counts.
   *
   * @throws DimensionMismatchException if a vector's length is not that of the collection
   */
  void upsert(String collection, Collection<VectorRecord> records);

  /** Deletes records; ids that are not there are ignored. Returns how many were there. */
  int delete(String collection, Collection<String> ids);

  /** Deletes a whole collection; {@code false} if there was none. */
  boolean drop(String collection);

  /**
   * The nearest records that pass the query's filter, nearest first, ties by id; empty where there
   * is no such collection.
   *
   * @throws DimensionMismatchException if the query's length is not that of the collection
   */
  List<VectorMatch> search(String collection, VectorQuery query);

  /** How many records a collection holds, 0 where there is none. */
  long count(String collection);

  /** The names of all collections, sorted. */
  List<String> collections();
}
