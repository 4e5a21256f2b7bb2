package io.neuralbridge.spring.adapter;

import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a foreign vector store does not tell: its collections, their dimensions, and which ids they
 * hold. An SPI: an application that keeps these itself, such as in its ledger of chunks, implements
 * it, and counts stay right after a restart.
 *
 * <p>Implementations are safe for use by many threads at once.
 */
public interface CollectionCatalog {

  /**
   * A catalog that begins empty with each process, and takes some 100 bytes a record. For stores
   * that are as short-lived, and for tests.
   */
  static CollectionCatalog inMemory() {
    return new InMemoryCatalog();
  }

  /** The dimensions of a collection; empty where there is none. */
  OptionalInt dimensions(String collection);

  /**
   * Notes records that are stored now; the first note of a collection fixes its dimensions.
   *
   * @throws io.neuralbridge.vector.DimensionMismatchException if others are fixed already
   */
  void stored(String collection, int dimensions, Collection<String> ids);

  /** Notes records that are gone now. Returns how many of them were noted as stored. */
  int deleted(String collection, Collection<String> ids);

  /** Notes that a collection is gone now; {@code false} if there was none. */
  boolean dropped(String collection);

  /** How many records a collection holds, 0 where there is none. */
  long count(String collection);

  /** The names of all collections, sorted. */
  List<String> collections();
}
