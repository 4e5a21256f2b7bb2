package io.neuralbridge.embedding;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What a provider says about a failure, in whichever of the usual shapes: {@code {"error":
 * {"message", "type", "code"}}}, {@code {"error": "…"}}, {@code {"message", "type", "code"}},
 * {@code {"detail": …}}, any of them in an array, or plain text.
 *
 * @param message empty if it says nothing
 * @param codes what it calls the failure by, in lower case: codes, types and states
 * @param retryDelay Gemini's {@code RetryInfo}, empty if there is none
 */
record ErrorBody(String message, List<String> codes, String retryDelay) {

  private static final int MOST_BYTES = 64 * 1024;
  private static final List<String> MESSAGES = List.of("message", "detail", "error_message", "msg");
  private static final List<String> CODES = List.of("code", "type", "status", "error_type");

  static ErrorBody of(byte[] body) {
    String text = new String(body, 0, Math.min(body.length, MOST_BYTES), StandardCharsets.UTF_8);
    try {
      JsonNode tree = ProviderJson.MAPPER.readTree(text);
      return ofTree(tree.isArray() && !tree.isEmpty() ? tree.get(0) : tree, text);
    } catch (JacksonException e) {
      return new ErrorBody(text.strip(), List.of(), "");
    }
  }

  private static ErrorBody ofTree(JsonNode tree, String text) {
    JsonNode error = tree.path("error");
    JsonNode root = error.isObject() ? error : tree;
    String message = error.isString() ? error.asString() : message(root, text);
    List<String> codes =
        CODES.stream()
            .map(root::path)
            .filter(JsonNode::isValueNode)
            .map(code -> code.asString("").toLowerCase(Locale.ROOT))
            .filter(code -> !code.isEmpty())
            .toList();
    return new ErrorBody(message, codes, retryDelay(root));
  }

  private static String message(JsonNode root, String text) {
    for (String name : MESSAGES) {
      JsonNode value = root.path(name);
      if (value.isString()) {
        return value.asString();
      }
      if (value.isContainer() && !value.isEmpty()) {
        return value.toString();
      }
    }
    return text.strip();
  }

  private static String retryDelay(JsonNode root) {
    for (JsonNode detail : root.path("details")) {
      if (detail.path("retryDelay").isString()) {
        return detail.path("retryDelay").asString();
      }
    }
    return "";
  }

  /**
   * The status that a gateway hides in the body of a 200; 500 if there is an error without one, 0
   * if there is none.
   */
  static int hiddenStatus(byte[] body) {
    try {
      JsonNode error = ProviderJson.MAPPER.readTree(body).path("error");
      int code = error.path("code").asInt(0);
      boolean isStatus = code >= 400 && code < 600;
      return error.isObject() || error.isString() ? (isStatus ? code : 500) : 0;
    } catch (JacksonException e) {
      return 0;
    }
  }

  boolean says(List<String> words) {
    String said = message.toLowerCase(Locale.ROOT);
    return words.stream().anyMatch(said::contains);
  }

  boolean isCalled(List<String> names) {
    return codes.stream().anyMatch(names::contains);
  }
}
