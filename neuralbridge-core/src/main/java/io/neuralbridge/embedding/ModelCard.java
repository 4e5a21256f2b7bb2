package io.neuralbridge.embedding;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What {@code GET /models/NAME} tells of a model's end: Mistral's {@code deprecation}, an instant,
 * beside {@code deprecation_replacement_model}; Azure's {@code deprecation.inference}, in seconds
 * since 1970; with others the header {@code Sunset} (RFC 8594).
 */
final class ModelCard {

  private ModelCard() {}

  static Optional<ModelRetirement> retirement(byte[] json, @Nullable String sunset) {
    JsonNode card = ProviderJson.MAPPER.readTree(json);
    JsonNode deprecation = card.path("deprecation");
    Instant at =
        deprecation.isObject()
            ? epoch(deprecation.path("inference"))
            : instant(deprecation.asString(""));
    if (at == null && sunset != null) {
      at = httpDate(sunset);
    }
    String replacement = card.path("deprecation_replacement_model").asString("");
    return at == null
        ? Optional.empty()
        : Optional.of(new ModelRetirement(at, replacement.isEmpty() ? null : replacement));
  }

  private static @Nullable Instant epoch(JsonNode seconds) {
    return seconds.isIntegralNumber() ? Instant.ofEpochSecond(seconds.asLong()) : null;
  }

  private static @Nullable Instant instant(String text) {
    try {
      return text.indexOf('T') < 0
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from);
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static @Nullable Instant httpDate(String text) {
    try {
      return DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
