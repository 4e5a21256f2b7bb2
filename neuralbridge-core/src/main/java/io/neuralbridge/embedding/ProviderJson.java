package io.neuralbridge.embedding;

import io.neuralbridge.text.CleanText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Bodies of requests. */
final class ProviderJson {

  static final JsonMapper MAPPER = JsonMapper.builder().build();

  private ProviderJson() {}

  /** The fields of a request as its dialect names them; texts without what has no UTF-8 form. */
  static byte[] request(
      HttpModelSettings settings, List<String> texts, InputType type, boolean base64) {
    EmbeddingDialect dialect = settings.dialect();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("model", settings.model());
    String prefix = settings.prefix(type);
    body.put(
        dialect.textsField(),
        texts.stream().map(text -> CleanText.of(prefix + text).text()).toList());
    if (settings.shortened()) {
      body.put(dialect.dimensionsField(), settings.dimensions());
    }
    String inputType = settings.inputType(type);
    if (inputType != null) {
      body.put("input_type", inputType);
    }
    if (base64) {
      body.put("encoding_format", "base64");
    }
    body.putAll(dialect.constants());
    return MAPPER.writeValueAsBytes(body);
  }
}
