package io.neuralbridge.embedding;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of a response say about the provider's limits. Providers send what they like, or
 * nothing; what is missing or cannot be read is null.
 *
 * <p>Read are {@code retry-after-ms}, {@code retry-after}, and for each of {@code requests} and
 * {@code tokens} the headers {@code x-ratelimit-{limit,remaining,reset}-…} of OpenAI and its likes,
 * with Mistral's endings {@code req-minute} and {@code tokens-minute}, and the {@code
 * ratelimit-{limit,remaining,reset}} of the IETF's draft, as requests.
 *
 * @param requests the limit of calls
 * @param tokens the limit of tokens
 * @param retryAfter how long to leave the provider alone, zero to 31 days
 */
public record RateLimitHeaders(Bucket requests, Bucket tokens, @Nullable Duration retryAfter) {

  /** Nothing is known. */
  public static final RateLimitHeaders NONE = new RateLimitHeaders(Bucket.NONE, Bucket.NONE, null);

  /**
   * One limit, of a time that only the provider knows: mostly a minute, for requests also a day.
   *
   * @param limit how many are allowed a time
   * @param remaining how many are left of it
   * @param reset how long until all of it is there again, zero to 31 days
   */
  public record Bucket(@Nullable Long limit, @Nullable Long remaining, @Nullable Duration reset) {

    static final Bucket NONE = new Bucket(null, null, null);

    boolean isEmpty() {
      return remaining != null && remaining <= 0;
    }
  }

  /**
   * Reads headers.
   *
   * @param headers the first value of a header, whose name is given in lower case
   * @param now the server's time, or if it is not known, this machine's
   */
  public static RateLimitHeaders of(Function<String, Optional<String>> headers, Instant now) {
    Reader reader = new Reader(headers, now);
    return new RateLimitHeaders(
        reader.bucket("requests", "req-minute", ""),
        reader.bucket("tokens", "tokens-minute"),
        reader.retryAfter());
  }

  /**
   * How long to wait after a call was refused for its rate: {@link #retryAfter}, else until the
   * reset of the limit that has nothing left; where neither has, or it is not said, the longer of
   * both. Null if nothing is known.
   */
  public @Nullable Duration untilNextCall() {
    if (retryAfter != null) {
      return retryAfter;
    }
    if (requests.isEmpty() != tokens.isEmpty()) {
      Duration reset = requests.isEmpty() ? requests.reset() : tokens.reset();
      if (reset != null) {
        return reset;
      }
    }
    return longer(requests.reset(), tokens.reset());
  }

  /** These, with what the body says where the headers say nothing. */
  RateLimitHeaders orRetryAfter(@Nullable Duration other) {
    return retryAfter == null ? new RateLimitHeaders(requests, tokens, other) : this;
  }

  private static @Nullable Duration longer(@Nullable Duration one, @Nullable Duration other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.compareTo(other) >= 0 ? one : other;
  }

  /** Headers by name. */
  private record Reader(Function<String, Optional<String>> headers, Instant now) {

    @Nullable Duration retryAfter() {
      Long millis = number("retry-after-ms");
      return millis == null
          ? duration("retry-after")
          : WaitTimes.bounded(Duration.ofMillis(millis));
    }

    Bucket bucket(String... names) {
      for (String name : names) {
        Bucket bucket =
            new Bucket(
                number(header("limit", name)),
                number(header("remaining", name)),
                duration(header("reset", name)));
        if (!bucket.equals(Bucket.NONE)) {
          return bucket;
        }
      }
      return Bucket.NONE;
    }

    private static String header(String what, String name) {
      return name.isEmpty() ? "ratelimit-" + what : "x-ratelimit-" + what + "-" + name;
    }

    private @Nullable Duration duration(String header) {
      return value(header).map(text -> WaitTimes.parse(text, now)).orElse(null);
    }

    private @Nullable Long number(String header) {
      try {
        return value(header).map(text -> (long) Double.parseDouble(text)).orElse(null);
      } catch (NumberFormatException e) {
        return null;
      }
    }

    private Optional<String> value(String header) {
      return headers
          .apply(header.toLowerCase(Locale.ROOT))
          .map(String::strip)
          .filter(text -> !text.isEmpty() && text.length() <= 64);
    }
  }
}
