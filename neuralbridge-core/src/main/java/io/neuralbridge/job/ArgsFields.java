package io.neuralbridge.job;

import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsonFormatVisitors.JsonAnyFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatVisitorWrapper;
import tools.jackson.databind.jsonFormatVisitors.JsonMapFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonObjectFormatVisitor;

/** The fields that arguments of a type have in JSON. */
final class ArgsFields {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private ArgsFields() {}

  /**
   * Refuses fields that no arguments of this type have. What may have any, a map or a class with
   * subclasses, is only known when there are arguments.
   */
  static void require(String kind, Class<?> type, Collection<String> wanted) {
    if (!wanted.isEmpty() && Modifier.isFinal(type.getModifiers())) {
      of(type).ifPresent(fields -> require(kind, fields, wanted));
    }
  }

  private static void require(String kind, Set<String> fields, Collection<String> wanted) {
    wanted.stream()
        .filter(field -> !fields.contains(field))
        .findFirst()
        .ifPresent(
            field -> {
              throw missing(kind, "args", fields, field);
            });
  }

  static IllegalArgumentException missing(
      String kind, String where, Collection<String> fields, String wanted) {
    return new IllegalArgumentException(
        "a '%s' job is to be unique by '%s', which its %s do not have: %s"
            .formatted(kind, wanted, where, DidYouMean.among(new TreeSet<>(fields), wanted)));
  }

  /** The fields of a type, none if it is no object in JSON; empty if it may have any. */
  static Optional<Set<String>> of(Class<?> type) {
    Shape shape = new Shape();
    try {
      MAPPER.acceptJsonFormatVisitor(type, shape);
    } catch (JacksonException e) {
      return Optional.empty();
    }
    return shape.open ? Optional.empty() : Optional.of(shape.fields);
  }

  private static final class Shape extends JsonFormatVisitorWrapper.Base {
    final Set<String> fields = new TreeSet<>();
    boolean open;

    @Override
    public JsonObjectFormatVisitor expectObjectFormat(JavaType type) {
      return new JsonObjectFormatVisitor.Base(getContext()) {
        @Override
        public void property(BeanProperty property) {
          fields.add(property.getName());
        }

        @Override
        public void optionalProperty(BeanProperty property) {
          fields.add(property.getName());
        }
      };
    }

    @Override
    public JsonMapFormatVisitor expectMapFormat(JavaType type) {
      open = true;
      return new JsonMapFormatVisitor.Base(getContext());
    }

    @Override
    public JsonAnyFormatVisitor expectAnyFormat(JavaType type) {
      open = true;
      return new JsonAnyFormatVisitor.Base();
    }
  }
}
