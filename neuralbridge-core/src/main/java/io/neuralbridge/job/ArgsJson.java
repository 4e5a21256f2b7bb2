package io.neuralbridge.job;

import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Arguments to JSON and back. Unknown properties are ignored, so that old and new nodes can share a
 * queue.
 */
final class ArgsJson {

  /** Beyond this a job should carry a reference, not the data. */
  static final int MAX_BYTES = 1 << 20;

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private ArgsJson() {}

  static String write(String kind, Object args) {
    String json;
    try {
      json = MAPPER.writeValueAsString(args);
    } catch (JacksonException e) {
      throw new InvalidArgsException(
          "the args of a '%s' job cannot be written as JSON: %s"
              .formatted(kind, e.getOriginalMessage()),
          e);
    }
    requireSomething(kind, json, args);
    requireSize("a '%s' job".formatted(kind), json);
    return json;
  }

  private static void requireSize(String whose, String json) {
    int bytes = json.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_BYTES) {
      throw new InvalidArgsException(
          "the args of %s take %,d bytes of JSON; at most %,d are allowed: store the data and pass its id"
              .formatted(whose, bytes, MAX_BYTES));
    }
  }

  /** Refuses what somebody wrote by hand and no worker could read. */
  static void requireStorable(String json) {
    requireSize("an edit", json);
    try {
      JsonNode tree = MAPPER.readTree(json);
      if (tree.isMissingNode() || tree.isNull()) {
        throw new InvalidArgsException("the args of an edit are empty: '%s'".formatted(json));
      }
    } catch (JacksonException e) {
      throw new InvalidArgsException(
          "the args of an edit are not JSON: %s".formatted(e.getOriginalMessage()), e);
    }
  }

  private static void requireSomething(String kind, String json, Object args) {
    if (json.equals("null")) {
      throw new InvalidArgsException(
          "the args of a '%s' job are null; use an empty record for a job without any"
              .formatted(kind));
    }
    if (json.equals("{}") && hasFields(args.getClass())) {
      throw new InvalidArgsException(
          "nothing of the args of a '%s' job can be written as JSON: %s has fields but no getters; use a record"
              .formatted(kind, args.getClass().getName()));
    }
  }

  private static boolean hasFields(Class<?> type) {
    boolean own =
        Arrays.stream(type.getDeclaredFields()).anyMatch(f -> !Modifier.isStatic(f.getModifiers()));
    return own || (type.getSuperclass() != null && hasFields(type.getSuperclass()));
  }

  static <A> A read(String kind, String json, Class<A> type) {
    try {
      A args = MAPPER.readValue(json, type);
      if (args == null) {
        throw new InvalidArgsException("the stored args of a '%s' job are null".formatted(kind));
      }
      return args;
    } catch (JacksonException e) {
      throw new InvalidArgsException(
          "the stored args of a '%s' job are not a %s: %s; deploy a worker that reads them, or cancel the job"
              .formatted(kind, type.getSimpleName(), e.getOriginalMessage()),
          e);
    }
  }
}
