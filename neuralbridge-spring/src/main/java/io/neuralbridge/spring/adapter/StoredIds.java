package io.neuralbridge.spring.adapter;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The ids and metadata under which foreign stores keep records. Many take UUIDs only, and one store
 * may hold several collections, so the id is made of the collection and the record's own, and both
 * stand in the metadata.
 */
final class StoredIds {

  static final String ID = "neuralbridge_id";
  static final String COLLECTION = "neuralbridge_collection";

  private StoredIds() {}

  static String of(String collection, String id) {
    String name = collection.length() + ":" + collection + id;
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
  }

  static List<String> of(String collection, Collection<String> ids) {
    return ids.stream().distinct().map(id -> of(collection, id)).toList();
  }

  static Map<String, Object> metadata(
      String collection, String id, Map<String, String> metadata, List<String> taken) {
    for (String key : metadata.keySet()) {
      if (key.equals(ID) || key.equals(COLLECTION) || taken.contains(key)) {
        throw new IllegalArgumentException(
            "record '%s' has the metadata key '%s', which the store uses itself: rename it"
                .formatted(id, key));
      }
    }
    Map<String, Object> stored = new LinkedHashMap<>(metadata);
    stored.put(ID, id);
    stored.put(COLLECTION, collection);
    return stored;
  }

  /** The record's own metadata: what the store added is not text, or ours. */
  static Map<String, String> own(Map<String, Object> stored) {
    Map<String, String> own = new LinkedHashMap<>();
    stored.forEach(
        (key, value) -> {
          if (value instanceof String text && !key.equals(ID) && !key.equals(COLLECTION)) {
            own.put(key, text);
          }
        });
    return own;
  }
}
