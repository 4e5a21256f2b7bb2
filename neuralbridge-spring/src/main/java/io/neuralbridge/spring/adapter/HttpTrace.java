package io.neuralbridge.spring.adapter;

import io.neuralbridge.embedding.RateLimitHeaders;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an exception of a client library tells of the answer that it stands for. Known are those of
 * Spring's clients, the OpenAI SDK, the Azure SDK, the AWS SDK, Google's and LangChain4j, by the
 * names of their methods, and Spring AI's by its message: {@code "HTTP 429 - …"}.
 *
 * @param status of HTTP, 400 to 599
 * @param body what the provider said, as far as the exception keeps it
 */
record HttpTrace(int status, String body, RateLimitHeaders rateLimits) {

  private static final Pattern MESSAGE =
      Pattern.compile("\\s*(?:HTTP )?([45]\\d\\d)\\s*(?:-|:)\\s*(.*)", Pattern.DOTALL);
  private static final String[] STATUS = {
    "statusCode", "getStatusCode", "getRawStatusCode", "getStatus", "code", "getCode"
  };

  /** Null if the exception tells no status. */
  static @Nullable HttpTrace of(Throwable failure, InstantSource clock) {
    String message = String.valueOf(failure.getMessage());
    Matcher matcher = MESSAGE.matcher(message);
    boolean matches = matcher.matches();
    int status = status(failure);
    if (status == 0 && matches) {
      status = Integer.parseInt(matcher.group(1));
    }
    if (status == 0) {
      return null;
    }
    String said = matches ? matcher.group(2) : message;
    return new HttpTrace(status, body(failure, said), rateLimits(failure, clock));
  }

  private static int status(Throwable failure) {
    int own = statusOf(failure);
    Object response = own == 0 ? Duck.ask(failure, "getResponse") : null;
    return response == null ? own : statusOf(response);
  }

  private static int statusOf(Object object) {
    for (String method : STATUS) {
      int status = number(Duck.ask(object, method));
      if (status >= 400 && status < 600) {
        return status;
      }
    }
    return 0;
  }

  private static int number(@Nullable Object status) {
    if (status instanceof Integer number) {
      return number;
    }
    Object value = status == null ? null : Duck.ask(status, "value");
    return value instanceof Integer number ? number : 0;
  }

  private static String body(Throwable failure, String said) {
    Object body = Duck.ask(failure, "getResponseBodyAsString");
    if (body instanceof String text && !text.isBlank()) {
      return text;
    }
    Map<String, Object> error = new LinkedHashMap<>();
    for (String name : new String[] {"code", "type"}) {
      if (Duck.ask(failure, name) instanceof String text) {
        error.put(name, text);
      }
    }
    return error.isEmpty() ? said : json(said, error);
  }

  // The OpenAI SDK has taken the body apart; its codes tell an empty account from haste.
  private static String json(String message, Map<String, Object> codes) {
    StringBuilder json = new StringBuilder("{\"error\": {\"message\": ").append(quoted(message));
    codes.forEach(
        (name, code) ->
            json.append(", ").append(quoted(name)).append(": ").append(quoted((String) code)));
    return json.append("}}").toString();
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\' || c < ' ') {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  private static RateLimitHeaders rateLimits(Throwable failure, InstantSource clock) {
    return RateLimitHeaders.of(name -> header(failure, name), clock.instant());
  }

  private static Optional<String> header(Throwable failure, String name) {
    for (String method : new String[] {"headers", "getResponseHeaders", "getHeaders"}) {
      Object headers = Duck.ask(failure, method);
      Object value = headers == null ? null : headerOf(headers, name);
      if (value != null) {
        return Optional.of(value.toString());
      }
    }
    Object response = Duck.ask(failure, "getResponse");
    Object value = response == null ? null : Duck.ask(response, "getHeaderValue", name);
    return Optional.ofNullable(value).map(Object::toString);
  }

  private static @Nullable Object headerOf(Object headers, String name) {
    if (headers instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .filter(entry -> String.valueOf(entry.getKey()).equalsIgnoreCase(name))
          .map(Map.Entry::getValue)
          .findFirst()
          .map(value -> value instanceof Iterable<?> list ? list.iterator().next() : value)
          .orElse(null);
    }
    Object value = Duck.ask(headers, "getFirst", name);
    return value == null ? Duck.ask(headers, "values", name) : value;
  }
}
