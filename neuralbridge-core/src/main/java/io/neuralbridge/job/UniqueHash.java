package io.neuralbridge.job;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * From what makes a job unique to its key: half of the SHA-256 of kind, queue and the chosen values
 * in canonical JSON, whose fields are sorted. An HMAC instead where the values are encrypted.
 */
final class UniqueHash {

  private static final int BYTES = 16;
  private static final JsonMapper CANONICAL =
      JsonMapper.builder()
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private UniqueHash() {}

  /**
   * @param keys hide the values if there is a key for that
   */
  static UniqueKey key(Unique unique, JobSpec spec, Class<?> argsType, Keyring keys) {
    Map<String, Object> values = new TreeMap<>();
    if (unique.wholeArgs()) {
      values.put("args", CANONICAL.readValue(spec.args(), Object.class));
    } else if (!unique.args().isEmpty()) {
      values.put("args", args(spec, argsType, unique.args()));
    }
    if (!unique.meta().isEmpty()) {
      values.put("meta", meta(spec, unique.meta()));
    }
    String text = CANONICAL.writeValueAsString(List.of(spec.kind(), spec.queue(), values));
    return new UniqueKey(hash(text, keys), unique.scope(), unique.period(), unique.replaced());
  }

  private static Map<String, @Nullable Object> args(
      JobSpec spec, Class<?> argsType, Set<String> wanted) {
    if (!(CANONICAL.readValue(spec.args(), Object.class) instanceof Map<?, ?> fields)) {
      throw new IllegalArgumentException(
          "a '%s' job is to be unique by %s, but its args have no fields: use Unique.byArgs() without names, for all of them"
              .formatted(spec.kind(), wanted));
    }
    Map<String, @Nullable Object> chosen = new TreeMap<>();
    for (String field : wanted) {
      if (!fields.containsKey(field) && !mayBeLeftOut(argsType, field)) {
        List<String> names = fields.keySet().stream().map(String::valueOf).toList();
        throw ArgsFields.missing(spec.kind(), "args", names, field);
      }
      chosen.put(field, fields.get(field));
    }
    return chosen;
  }

  // A type may leave fields without a value out of its JSON.
  private static boolean mayBeLeftOut(Class<?> argsType, String field) {
    return ArgsFields.of(argsType).filter(fields -> fields.contains(field)).isPresent();
  }

  private static Map<String, String> meta(JobSpec spec, Set<String> wanted) {
    Map<String, String> chosen = new TreeMap<>();
    for (String key : wanted) {
      String value = spec.meta().get(key);
      if (value == null) {
        throw ArgsFields.missing(spec.kind(), "meta", spec.meta().keySet(), key);
      }
      chosen.put(key, value);
    }
    return chosen;
  }

  private static String hash(String text, Keyring keys) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] digest = keys.hasUniqueKey() ? keys.hash(bytes) : sha256(bytes);
    return HexFormat.of().formatHex(digest, 0, BYTES);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
