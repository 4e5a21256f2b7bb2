package io.neuralbridge.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.embedding.EmbeddingException.Reason;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelRetirementTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"id\": \"m\", \"deprecation\": \"2027-03-31T12:00:00Z\"}|2027-03-31T12:00:00Z",
        "{\"id\": \"m\", \"deprecation\": \"2027-03-31T12:00:00.5+02:00\"}|2027-03-31T10:00:00.5Z",
        "{\"id\": \"m\", \"deprecation\": \"2027-03-31\"}|2027-03-31T00:00:00Z",
        "{\"id\": \"m\", \"deprecation\": {\"fine_tune\": 1, \"inference\": 1709284527}}|2024-03-01T09:15:27Z"
      })
  void theDayIsReadInEachProvidersWords(String card, Instant at) {
    assertThat(told(StubReply.of(200, card))).contains(new ModelRetirement(at, null));
  }

  @Test
  void theReplacementIsToldToo() {
    String card =
        """
        {"id": "m", "deprecation": "2027-03-31T12:00:00Z", "deprecation_replacement_model": "n"}
        """;

    assertThat(told(StubReply.of(200, card)).orElseThrow().replacement()).isEqualTo("n");
  }

  @Test
  void aSunsetHeaderIsReadWhereTheBodySaysNothing() {
    StubReply reply =
        StubReply.of(200, "{\"id\": \"m\", \"deprecation\": null}")
            .withHeader("Sunset", "Wed, 31 Mar 2027 12:00:00 GMT");

    assertThat(told(reply))
        .contains(new ModelRetirement(Instant.parse("2027-03-31T12:00:00Z"), null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\": \"m\"}",
        "{\"id\": \"m\", \"deprecation\": null}",
        "{\"id\": \"m\", \"deprecation\": \"soon\"}",
        "{\"id\": \"m\", \"deprecation\": {\"fine_tune\": 1}}",
        "[]"
      })
  void nothingAnnouncedIsNoDay(String card) {
    assertThat(told(StubReply.of(200, card))).isEmpty();
  }

  @Test
  void aProviderWithoutSuchAPageTellsNothing() {
    assertThat(told(StubReply.of(404, "{\"error\": {\"message\": \"no such path\"}}"))).isEmpty();
    try (StubEmbeddingServer server = StubEmbeddingServer.start(EmbeddingDialect.OLLAMA, 4)) {
      assertThat(server.model().build().retirement()).isEmpty();
      assertThat(server.log()).isEmpty();
    }
  }

  @Test
  void theModelIsAskedForByItsName() {
    try (StubEmbeddingServer server = StubEmbeddingServer.start(EmbeddingDialect.MISTRAL, 4)) {
      server.next(StubReply.of(200, "{}"));
      HttpEmbeddingModel.builder("team/m 1")
          .dialect(EmbeddingDialect.MISTRAL)
          .baseUri(server.baseUri())
          .dimensions(4)
          .build()
          .retirement();

      assertThat(server.log().get(0))
          .returns("GET", StubCall::method)
          .returns("/v1/models/team%2Fm%201", StubCall::path);
    }
  }

  @Test
  void aFailureSaysWhy() {
    assertThatThrownBy(() -> told(StubReply.serverError()))
        .isInstanceOf(EmbeddingException.class)
        .returns(Reason.SERVER_ERROR, e -> ((EmbeddingException) e).reason());
    assertThatThrownBy(() -> told(StubReply.of(200, "<html>")))
        .returns(Reason.BAD_RESPONSE, e -> ((EmbeddingException) e).reason());
  }

  private static Optional<ModelRetirement> told(StubReply reply) {
    try (StubEmbeddingServer server = StubEmbeddingServer.start(EmbeddingDialect.MISTRAL, 4)) {
      return server.next(reply).model().build().retirement();
    }
  }
}
