package io.neuralbridge.embedding;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a {@link StubEmbeddingServer} answers instead of vectors.
 *
 * @param body sent as it is
 */
public record StubReply(int status, Map<String, String> headers, String body) {

  public StubReply {
    headers = Map.copyOf(headers);
  }

  public static StubReply of(int status, String body) {
    return new StubReply(status, Map.of(), body);
  }

  /** OpenAI's 429, with {@code Retry-After}. */
  public static StubReply rateLimited(String retryAfter) {
    return of(
            429,
            """
            {"error": {"message": "Rate limit reached for requests", "type": "requests", "code": "rate_limit_exceeded"}}
            """)
        .withHeader("Retry-After", retryAfter);
  }

  /** OpenAI's 429 for an account without money. */
  public static StubReply quotaExhausted() {
    return of(
        429,
        """
        {"error": {"message": "You exceeded your current quota, please check your plan and billing details.", "type": "insufficient_quota", "code": "insufficient_quota"}}
        """);
  }

  public static StubReply serverError() {
    return of(
        500, "{\"error\": {\"message\": \"The server had an error\", \"type\": \"server_error\"}}");
  }

  public static StubReply overloaded() {
    return of(503, "{\"error\": {\"message\": \"server_is_overloaded\"}}");
  }

  public StubReply withHeader(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new StubReply(status, more, body);
  }
}
