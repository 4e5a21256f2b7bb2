package io.neuralbridge.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.neuralbridge.embedding.EmbeddingException.Reason;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a model does with answers that are no vectors; and that it keeps secrets. */
class HttpErrorsTest {

  private static final String KEY = "sk-very-secret-key";
  private static final List<String> TEXTS = List.of("a confidential text", "another one");

  private final StubEmbeddingServer server = StubEmbeddingServer.start(EmbeddingDialect.OPENAI, 2);
  private final HttpEmbeddingModel model = server.model().apiKey(() -> KEY).build();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aRateLimitTellsHowLongToWait() {
    server.next(StubReply.rateLimited("20"));

    EmbeddingException e = failure();

    assertThat(e.reason()).isEqualTo(Reason.RATE_LIMITED);
    assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(20));
    assertThat(e).hasMessageContaining("429").hasMessageContaining("Rate limit reached");
    assertThat(server.log()).as("nothing is tried again").hasSize(1);
  }

  @Test
  void theWaitMayComeAsADate() {
    ZonedDateTime inAnHour = ZonedDateTime.now(ZoneOffset.UTC).plusHours(1);
    server.next(StubReply.rateLimited(DateTimeFormatter.RFC_1123_DATE_TIME.format(inAnHour)));

    assertThat(failure().retryAfter()).isBetween(Duration.ofMinutes(50), Duration.ofMinutes(61));
  }

  @Test
  void theWaitMayComeInTheBody() {
    server.next(
        StubReply.of(
            429,
            "[{\"error\": {\"code\": 429, \"message\": \"quota\", \"details\": [{\"retryDelay\": \"34s\"}]}}]"));

    assertThat(failure().retryAfter()).isEqualTo(Duration.ofSeconds(34));
  }

  @Test
  void anEmptyAccountIsNoRateLimit() {
    server.next(StubReply.quotaExhausted());

    EmbeddingException e = failure();

    assertThat(e.reason()).isEqualTo(Reason.QUOTA_EXHAUSTED);
    assertThat(e.reason().needsAPerson()).isTrue();
    assertThat(e.retryAfter()).isNull();
  }

  @Test
  void aServerThatHasTooMuchToDoMayTellWhenToComeBack() {
    server.next(StubReply.overloaded().withHeader("Retry-After", "3"), StubReply.serverError());

    assertThat(failure().retryAfter()).isEqualTo(Duration.ofSeconds(3));
    assertThat(failure().reason()).isEqualTo(Reason.SERVER_ERROR);
  }

  @Test
  void redirectsAreNotFollowed() {
    server.next(StubReply.of(302, "").withHeader("Location", server.baseUri() + "/embeddings"));

    EmbeddingException e = failure();

    assertThat(e.reason()).isEqualTo(Reason.NOT_FOUND);
    assertThat(e).hasMessageContaining("base URI");
    assertThat(server.log()).hasSize(1);
  }

  @Test
  void anErrorHiddenInASuccessIsFound() {
    server.next(StubReply.of(200, "{\"error\": {\"code\": 429, \"message\": \"slow down\"}}"));

    assertThat(failure().reason()).isEqualTo(Reason.RATE_LIMITED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html>welcome to the hotel</html>",
        "null",
        "[]",
        "{}",
        "{\"data\": null}",
        "{\"data\": [1, 2]}",
        "{\"data\": [{\"index\": 0, \"embedding\": [1, 2]}]}",
        "{\"data\": [{\"index\": 0, \"embedding\": [1, 2]}, {\"index\": 0, \"embedding\": [1, 2]}]}",
        "{\"data\": [{\"index\": 0, \"embedding\": [1, 2]}, {\"index\": 2, \"embedding\": [1, 2]}]}",
        "{\"data\": [{\"index\": 0}, {\"index\": 1}]}",
        "{\"data\": [{\"index\": 0, \"embedding\": null}, {\"index\": 1, \"embedding\": [1, 2]}]}",
        "{\"data\": [{\"index\": 0, \"embedding\": [1, \"x\"]}, {\"index\": 1, \"embedding\": [1, 2]}]}",
        "{\"data\": [{\"index\": 0, \"embedding\": [1, 1e99]}, {\"index\": 1, \"embedding\": [1, 2]}]}",
        "{\"data\": [{\"index\": 0, \"embedding\": \"AACAfwAAAAA=\"}, {\"index\": 1, \"embedding\": [1, 2]}]}",
        "{\"data\": [{\"index\": 0, \"embedding\": \"AACAPwAAAEAA\"}, {\"index\": 1, \"embedding\": [1, 2]}]}",
        "{\"data\": [{\"index\": 0, \"embedding\": \"!!!\"}, {\"index\": 1, \"embedding\": [1, 2]}]}",
        "{\"embeddings\": [[1, 2]]}",
        "{\"data\": [{\"index\": 0, \"embedding\": [1, 2"
      })
  void anAnswerThatIsNotOneVectorATextIsBad(String body) {
    server.next(StubReply.of(200, body));

    EmbeddingException e = failure();

    assertThat(e.reason()).isEqualTo(Reason.BAD_RESPONSE);
    assertThat(e).hasMessageContaining("cannot be understood");
  }

  @Test
  void vectorsOfAnotherLengthSayWhatToDo() {
    server.next(
        StubReply.of(
            200,
            "{\"data\": [{\"index\": 0, \"embedding\": [1, 2, 3]}, {\"index\": 1, \"embedding\": [1, 2, 3]}]}"));

    EmbeddingException e = failure();

    assertThat(e.reason()).isEqualTo(Reason.WRONG_DIMENSIONS);
    assertThat(e).hasMessageContaining("3 dimensions, not 2").hasMessageContaining("dimensions(3)");
  }

  @Test
  void vectorsAreReadWhetherAskedForOrNot() {
    server.next(
        StubReply.of(
            200,
            "{\"data\": [{\"embedding\": [1, -2.5e-1]}, {\"embedding\": \"AACAPwAAAMA=\"}], \"usage\": null, \"x\": {\"y\": [1]}}"));

    EmbeddingResponse response = model.embed(TEXTS, InputType.DOCUMENT);

    assertThat(response.vectors().get(0)).containsExactly(1f, -0.25f);
    assertThat(response.vectors().get(1)).containsExactly(1f, -2f);
    assertThat(response.inputTokens()).isZero();
  }

  @Test
  void anEndlessAnswerIsNotReadToItsEnd() {
    server.next(StubReply.of(200, "{\"data\": \"" + "x".repeat(3 << 20) + "\"}"));

    EmbeddingException e = failure();

    assertThat(e.reason()).isEqualTo(Reason.BAD_RESPONSE);
    assertThat(e).hasMessageContaining("longer than");
  }

  @Test
  void neitherTheKeyNorTheTextsAreToldOn() {
    server.next(
        StubReply.of(
            400,
            "{\"error\": \"" + KEY + " sent " + TEXTS.get(0) + " " + "x".repeat(9_000) + "\"}"),
        StubReply.of(200, "{\"data\": " + KEY + "}"));

    EmbeddingException refused = failure();
    assertThat(stackTrace(refused)).doesNotContain(KEY, TEXTS.get(0)).contains("*** sent …");
    assertThat(refused.getMessage()).hasSizeLessThan(500);
    assertThat(stackTrace(failure())).doesNotContain(KEY);
    assertThat(model.toString())
        .isEqualTo("OPENAI model 'stub-model' at http://127.0.0.1:" + server.baseUri().getPort())
        .doesNotContain(KEY);
  }

  @Test
  void aKeyThatCannotBeSentIsNotToldOnEither() {
    HttpEmbeddingModel broken = server.model().apiKey(() -> KEY + "\nx").build();
    HttpEmbeddingModel failing =
        server
            .model()
            .apiKey(
                () -> {
                  throw new IllegalStateException(KEY);
                })
            .build();
    HttpEmbeddingModel none = server.model().apiKey(() -> " ").build();

    for (HttpEmbeddingModel each : List.of(broken, failing, none)) {
      EmbeddingException e =
          catchThrowableOfType(
              EmbeddingException.class, () -> each.embed(TEXTS, InputType.DOCUMENT));
      assertThat(e.reason()).isEqualTo(Reason.AUTHENTICATION);
      assertThat(stackTrace(e)).doesNotContain(KEY);
    }
    assertThatThrownBy(() -> HttpEmbeddingModel.builder("m").header("X-Key", KEY + "\n"))
        .hasMessageContaining("X-Key")
        .hasMessageNotContaining(KEY)
        .hasNoCause();
    assertThat(server.log()).isEmpty();
  }

  private EmbeddingException failure() {
    return catchThrowableOfType(
        EmbeddingException.class, () -> model.embed(TEXTS, InputType.DOCUMENT));
  }

  private static String stackTrace(Throwable thrown) {
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    return trace.toString();
  }
}
