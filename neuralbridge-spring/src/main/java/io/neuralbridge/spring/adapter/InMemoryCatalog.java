package io.neuralbridge.spring.adapter;

import io.neuralbridge.vector.DimensionMismatchException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/** Sets of ids under one lock: it is held for the time of a few hash lookups. */
final class InMemoryCatalog implements CollectionCatalog {

  private final TreeMap<String, Entry> entries = new TreeMap<>();

  private record Entry(int dimensions, Set<String> ids) {}

  @Override
  public synchronized OptionalInt dimensions(String collection) {
    Entry entry = entries.get(collection);
    return entry == null ? OptionalInt.empty() : OptionalInt.of(entry.dimensions());
  }

  @Override
  public synchronized void stored(String collection, int dimensions, Collection<String> ids) {
    Entry entry =
        entries.computeIfAbsent(collection, name -> new Entry(dimensions, new HashSet<>()));
    if (entry.dimensions() != dimensions) {
      throw new DimensionMismatchException(collection, entry.dimensions(), dimensions);
    }
    entry.ids().addAll(ids);
  }

  @Override
  public synchronized int deleted(String collection, Collection<String> ids) {
    Entry entry = entries.get(collection);
    if (entry == null) {
      return 0;
    }
    int before = entry.ids().size();
    ids.forEach(entry.ids()::remove);
    return before - entry.ids().size();
  }

  @Override
  public synchronized boolean dropped(String collection) {
    return entries.remove(collection) != null;
  }

  @Override
  public synchronized long count(String collection) {
    Entry entry = entries.get(collection);
    return entry == null ? 0 : entry.ids().size();
  }

  @Override
  public synchronized List<String> collections() {
    return List.copyOf(entries.keySet());
  }
}
