package io.neuralbridge.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.embedding.RateLimitHeaders.Bucket;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitHeadersTest {

  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "6m0s, PT6M",
    "1s, PT1S",
    "1.5s, PT1.5S",
    "7.66s, PT7.66S",
    "2m59.56s, PT2M59.56S",
    "20ms, PT0.02S",
    "1h2m3s, PT1H2M3S",
    "0s, PT0S",
    "300µs, PT0.001S",
    "1d, PT24H",
    "20, PT20S",
    "0.5, PT0.5S",
    "1795428060, PT1M",
    "1795428060000, PT1M",
    "'Mon, 23 Nov 2026 10:00:30 GMT', PT30S",
    "'Mon, 23 Nov 2026 09:00:00 GMT', PT0S",
    "2026-11-23T10:01:00Z, PT1M",
    "99999h, PT744H"
  })
  void everyWayToWriteAWaitIsRead(String text, Duration wait) {
    assertThat(WaitTimes.parse(text, NOW)).isEqualTo(wait);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "soon", "-5", "1x", "5 s", "1s2", "Mon, 99 Nov 2026", "2026-11-23", "NaN"})
  void whatIsNoWaitIsNull(String text) {
    assertThat(WaitTimes.parse(text, NOW)).isNull();
  }

  @Test
  void openAisHeadersAreRead() {
    RateLimitHeaders limits =
        read(
            "x-ratelimit-limit-requests", "3000",
            "x-ratelimit-remaining-requests", "2999",
            "x-ratelimit-reset-requests", "20ms",
            "x-ratelimit-limit-tokens", "1000000",
            "x-ratelimit-remaining-tokens", "0",
            "x-ratelimit-reset-tokens", "6m0s");

    assertThat(limits)
        .isEqualTo(
            new RateLimitHeaders(
                new Bucket(3_000L, 2_999L, Duration.ofMillis(20)),
                new Bucket(1_000_000L, 0L, Duration.ofMinutes(6)),
                null));
    assertThat(limits.untilNextCall()).isEqualTo(Duration.ofMinutes(6));
  }

  @Test
  void mistralsAndTheIetfsHeadersAreRead() {
    assertThat(read("x-ratelimit-limit-tokens-minute", "500000").tokens().limit())
        .isEqualTo(500_000L);
    assertThat(read("x-ratelimit-remaining-req-minute", "59").requests().remaining())
        .isEqualTo(59L);
    assertThat(read("ratelimit-remaining", "0", "ratelimit-reset", "12").untilNextCall())
        .isEqualTo(Duration.ofSeconds(12));
  }

  @Test
  void retryAfterGoesFirstAndMillisecondsBeforeSeconds() {
    assertThat(
            read(
                    "retry-after",
                    "7",
                    "x-ratelimit-reset-requests",
                    "9s",
                    "x-ratelimit-remaining-requests",
                    "0")
                .untilNextCall())
        .isEqualTo(Duration.ofSeconds(7));
    assertThat(read("retry-after", "7", "retry-after-ms", "6500").retryAfter())
        .isEqualTo(Duration.ofMillis(6_500));
    assertThat(read("retry-after", "Mon, 23 Nov 2026 10:00:05 GMT").retryAfter())
        .isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void theWaitIsThatOfWhatIsUsedUp() {
    assertThat(
            read(
                    "x-ratelimit-remaining-requests", "0",
                    "x-ratelimit-reset-requests", "2s",
                    "x-ratelimit-remaining-tokens", "10",
                    "x-ratelimit-reset-tokens", "50s")
                .untilNextCall())
        .isEqualTo(Duration.ofSeconds(2));
    assertThat(
            read("x-ratelimit-reset-requests", "2s", "x-ratelimit-reset-tokens", "50s")
                .untilNextCall())
        .as("where nobody says what is used up")
        .isEqualTo(Duration.ofSeconds(50));
  }

  @Test
  void whatCannotBeReadIsAsIfItWereNotThere() {
    assertThat(read()).isEqualTo(RateLimitHeaders.NONE);
    assertThat(read("x-ratelimit-limit-requests", "many", "retry-after", "later"))
        .isEqualTo(RateLimitHeaders.NONE);
    assertThat(read("retry-after", "1".repeat(500)).untilNextCall()).isNull();
  }

  private static RateLimitHeaders read(String... namesAndValues) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return RateLimitHeaders.of(name -> Optional.ofNullable(headers.get(name)), NOW);
  }
}
