package io.neuralbridge.spring.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.exception.HttpException;
import io.neuralbridge.embedding.EmbeddingException;
import io.neuralbridge.embedding.EmbeddingException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.ai.retry.NonTransientAiException;
import org.springframework.ai.retry.TransientAiException;

class ForeignFailuresTest {

  private static final String TEXT = "a secret text of the user";

  static List<Arguments> failures() {
    String quota =
        "HTTP 429 - {\"error\": {\"message\": \"no money\", \"code\": \"insufficient_quota\"}}";
    String long1 =
        "HTTP 400 - {\"error\": {\"message\": \"x\", \"code\": \"context_length_exceeded\"}}";
    return List.of(
        of(new NonTransientAiException("HTTP 429 - slow down"), Reason.RATE_LIMITED),
        of(new NonTransientAiException(quota), Reason.QUOTA_EXHAUSTED),
        of(new NonTransientAiException(long1), Reason.TOO_LARGE),
        of(new NonTransientAiException("HTTP 401 - no"), Reason.AUTHENTICATION),
        of(new NonTransientAiException("no"), Reason.REJECTED),
        of(new TransientAiException("HTTP 503 - busy"), Reason.OVERLOADED),
        of(new TransientAiException("HTTP 500 - oh"), Reason.SERVER_ERROR),
        of(new TransientAiException("oh"), Reason.SERVER_ERROR),
        of(new TransientAiException("oh", new SocketTimeoutException("late")), Reason.TIMEOUT),
        of(new UncheckedIOException(new IOException("reset")), Reason.UNREACHABLE),
        of(new IllegalStateException("what?"), Reason.UNKNOWN),
        of(
            new dev.langchain4j.exception.RateLimitException(new HttpException(429, "slow")),
            Reason.RATE_LIMITED),
        of(new dev.langchain4j.exception.RateLimitException("slow"), Reason.RATE_LIMITED),
        of(
            new dev.langchain4j.exception.RateLimitException(
                new HttpException(429, quota.substring(11))),
            Reason.QUOTA_EXHAUSTED),
        of(new dev.langchain4j.exception.AuthenticationException("no"), Reason.AUTHENTICATION),
        of(new dev.langchain4j.exception.ModelNotFoundException("no"), Reason.NOT_FOUND),
        of(new dev.langchain4j.exception.InvalidRequestException("too long"), Reason.TOO_LARGE),
        of(new dev.langchain4j.exception.TimeoutException("late"), Reason.TIMEOUT),
        of(new dev.langchain4j.exception.InternalServerException("oh"), Reason.SERVER_ERROR),
        of(
            new dev.langchain4j.exception.UnresolvedModelServerException("where?"),
            Reason.UNREACHABLE),
        of(new SdkException(429, "insufficient_quota"), Reason.QUOTA_EXHAUSTED),
        of(new RuntimeException(new SdkException(404, "model_not_found")), Reason.NOT_FOUND),
        of(new EmbeddingException(Reason.OVERLOADED, "own"), Reason.OVERLOADED));
  }

  private static Arguments of(RuntimeException failure, Reason reason) {
    return Arguments.of(failure, reason);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void everyFailureHasItsReason(RuntimeException failure, Reason reason) {
    assertThat(read(failure).reason()).isEqualTo(reason);
  }

  @Test
  void theProvidersWaitIsFoundInTheHeadersOfASdkException() {
    assertThat(read(new SdkException(429, "rate_limit_exceeded")).retryAfter())
        .isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void theProvidersWaitIsFoundInTheHeadersOfASpringException() {
    assertThat(read(new RuntimeException(new SpringException())).retryAfter())
        .isEqualTo(Duration.ofSeconds(9));
    assertThat(read(new SpringException()).getMessage()).contains("too fast");
  }

  @Test
  void theTextsAreNotInTheMessage() {
    assertThat(read(new NonTransientAiException("HTTP 400 - bad: " + TEXT)).getMessage())
        .contains("400")
        .doesNotContain(TEXT);
    assertThat(read(new IllegalStateException("bad: " + TEXT)).getMessage()).doesNotContain(TEXT);
  }

  @Test
  void anInterruptStaysSet() {
    EmbeddingException failure = read(new RuntimeException(new InterruptedException()));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure.reason()).isEqualTo(Reason.INTERRUPTED);
  }

  private static EmbeddingException read(RuntimeException failure) {
    return ForeignFailures.of("Model", failure, List.of(TEXT), InstantSource.fixed(Instant.EPOCH));
  }

  /** In the shape of the OpenAI SDK's OpenAIServiceException. */
  public static class SdkException extends RuntimeException {
    private final int status;
    private final String code;

    SdkException(int status, String code) {
      super(status + ": the \"SDK\" says no");
      this.status = status;
      this.code = code;
    }

    public int statusCode() {
      return status;
    }

    public Optional<String> code() {
      return Optional.of(code);
    }

    public SdkHeaders headers() {
      return new SdkHeaders(Map.of("retry-after", List.of("20")));
    }
  }

  /** In the shape of the OpenAI SDK's Headers. */
  public static class SdkHeaders {
    private final Map<String, List<String>> values;

    SdkHeaders(Map<String, List<String>> values) {
      this.values = values;
    }

    public List<String> values(String name) {
      return values.getOrDefault(name, List.of());
    }
  }

  /** In the shape of Spring's RestClientResponseException. */
  public static class SpringException extends RuntimeException {
    public Status getStatusCode() {
      return new Status();
    }

    public Map<String, List<String>> getResponseHeaders() {
      return Map.of("Retry-After", List.of("9"));
    }

    public String getResponseBodyAsString() {
      return "{\"error\": {\"message\": \"too fast\"}}";
    }
  }

  /** In the shape of Spring's HttpStatusCode. */
  public static class Status {
    public int value() {
      return 429;
    }
  }
}
