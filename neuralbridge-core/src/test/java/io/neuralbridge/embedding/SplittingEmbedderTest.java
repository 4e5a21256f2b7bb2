package io.neuralbridge.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.embedding.EmbeddedText.Embedded;
import io.neuralbridge.embedding.EmbeddedText.Failed;
import io.neuralbridge.embedding.EmbeddedText.Untried;
import io.neuralbridge.embedding.EmbeddingException.Reason;
import io.neuralbridge.text.TokenCounter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The stub's log is the judge of what was asked. */
class SplittingEmbedderTest {

  private static final int DIMENSIONS = 4;
  private static final TokenCounter WORDS = text -> text.toString().split(" ").length;

  private StubEmbeddingServer server =
      StubEmbeddingServer.start(EmbeddingDialect.OPENAI, DIMENSIONS).counter(WORDS);

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void manyTextsNeedAsManyRequestsAsTheLimitsSay() {
    List<String> texts = texts(2_500);

    EmbeddedTexts embedded =
        new SplittingEmbedder(server.model().build()).embed(texts, InputType.DOCUMENT);

    assertAllEmbedded(texts, embedded);
    assertThat(server.log()).extracting(call -> call.texts().size()).containsExactly(2_048, 452);
    assertThat(embedded.calls()).isEqualTo(2);
    assertThat(embedded.inputTokens())
        .isEqualTo(texts.stream().mapToInt(t -> (t.length() + 3) / 4).sum());
    assertThat(embedded.stop()).isNull();
  }

  @ParameterizedTest
  @EnumSource(EmbeddingDialect.class)
  void aRequestThatIsTooLargeIsHalvedInEveryDialect(EmbeddingDialect dialect) {
    restart(dialect);
    server.limits(EmbeddingLimits.ofInputs(10));
    List<String> texts = texts(32);

    EmbeddedTexts embedded = unlimited(Oversize.FAIL).embed(texts, InputType.DOCUMENT);

    assertAllEmbedded(texts, embedded);
    assertThat(server.embedded()).containsExactlyElementsOf(texts);
    assertThat(server.log())
        .extracting(call -> call.texts().size())
        .containsExactly(32, 16, 8, 8, 16, 8, 8);
  }

  @ParameterizedTest
  @EnumSource(EmbeddingDialect.class)
  void aTextThatIsTooLongFailsAloneInEveryDialect(EmbeddingDialect dialect) {
    restart(dialect);
    server.limits(EmbeddingLimits.ofInputs(100).withMaxTokensPerInput(50));
    List<String> texts = new ArrayList<>(texts(16));
    texts.set(11, "long ".repeat(51));

    EmbeddedTexts embedded = unlimited(Oversize.FAIL).embed(texts, InputType.DOCUMENT);

    assertThat(failures(embedded)).containsExactly(11);
    assertThat(reason(embedded, 11)).isEqualTo(Reason.TOO_LARGE);
    assertThat(embedded.stop()).isNull();
    assertThat(embedded.calls()).as("2 log2(16) + 1").isEqualTo(9);
    assertThat(server.log()).hasSize(9);
  }

  @Test
  void aTextThatTheProviderFindsTooLongIsCutIfSoConfigured() {
    server.limits(EmbeddingLimits.ofInputs(100).withMaxTokensPerInput(50));
    List<String> texts = new ArrayList<>(texts(4));
    texts.set(2, "long ".repeat(80));

    EmbeddedTexts embedded = unlimited(Oversize.TRUNCATE).embed(texts, InputType.DOCUMENT);

    assertThat(failures(embedded)).isEmpty();
    assertThat(server.embedded().get(2))
        .startsWith("long ")
        .satisfies(cut -> assertThat(WORDS.count(cut)).isEqualTo(45));
  }

  @Test
  void aTextThatIsTooLongByTheModelsOwnCountCostsNoCall() {
    List<String> texts = new ArrayList<>(texts(4));
    texts.set(2, "long ".repeat(9_000));
    HttpEmbeddingModel model = server.model().tokenCounter(WORDS).build();

    EmbeddedTexts embedded = new SplittingEmbedder(model).embed(texts, InputType.DOCUMENT);

    assertThat(failures(embedded)).containsExactly(2);
    assertThat(server.log()).hasSize(1);
  }

  @Test
  void aTextThatIsRefusedFailsAlone() {
    server.script(
        call ->
            call.texts().contains("poison")
                ? StubReply.of(400, "{\"error\": \"tokenizer panicked\"}")
                : null);
    List<String> texts = new ArrayList<>(texts(8));
    texts.set(0, "poison");
    texts.set(5, "poison");

    EmbeddedTexts embedded = unlimited(Oversize.FAIL).embed(texts, InputType.DOCUMENT);

    assertThat(failures(embedded)).containsExactly(0, 5);
    assertThat(reason(embedded, 5)).isEqualTo(Reason.REJECTED);
    assertThat(server.embedded()).hasSize(6).doesNotHaveDuplicates();
  }

  @Test
  void aTextWhoseVectorIsNoNumberFailsAlone() {
    server.script(
        call ->
            call.texts().contains("poison")
                ? StubReply.of(200, "{\"data\": [{\"embedding\": [NaN, 1, 2, 3]}]}")
                : null);

    EmbeddedTexts embedded =
        unlimited(Oversize.FAIL).embed(List.of("ants", "poison", "cats"), InputType.DOCUMENT);

    assertThat(failures(embedded)).containsExactly(1);
    assertThat(reason(embedded, 1)).isEqualTo(Reason.BAD_RESPONSE);
  }

  @Test
  void textsAreNotBlamedWhereAPlainWordIsRefusedToo() {
    server.script(call -> StubReply.of(400, "{\"error\": \"dimensions: unsupported\"}"));
    List<String> texts = texts(64);

    EmbeddedTexts embedded = unlimited(Oversize.FAIL).embed(texts, InputType.DOCUMENT);

    assertThat(embedded.stop()).hasMessageContaining("dimensions: unsupported");
    assertThat(embedded.texts()).allMatch(text -> text instanceof Untried);
    assertThat(server.log()).hasSize(9);
    assertThat(server.log().get(8).texts()).containsExactly("text");
  }

  @Test
  void manyBadTextsAreToldFromABadRequestByAPlainWord() {
    server.script(
        call ->
            call.texts().stream().anyMatch(text -> text.startsWith("poison"))
                ? StubReply.of(400, "{\"error\": \"tokenizer panicked\"}")
                : null);
    List<String> texts = new ArrayList<>(Collections.nCopies(32, "poison"));
    texts.set(31, "ants");

    EmbeddedTexts embedded = unlimited(Oversize.FAIL).embed(texts, InputType.DOCUMENT);

    assertThat(embedded.stop()).isNull();
    assertThat(failures(embedded)).hasSize(31).doesNotContain(31);
    assertThat(embedded.calls()).isLessThanOrEqualTo(2 * 32);
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {
        "RATE_LIMITED",
        "QUOTA_EXHAUSTED",
        "AUTHENTICATION",
        "NOT_FOUND",
        "OVERLOADED",
        "SERVER_ERROR",
        "TIMEOUT"
      })
  void aProviderThatTakesNoMoreCallsIsAskedNoMore(Reason reason) {
    StubReply refusal =
        switch (reason) {
          case RATE_LIMITED -> StubReply.rateLimited("7");
          case QUOTA_EXHAUSTED -> StubReply.quotaExhausted();
          case AUTHENTICATION -> StubReply.of(401, "");
          case NOT_FOUND -> StubReply.of(404, "");
          case OVERLOADED -> StubReply.overloaded();
          case TIMEOUT -> StubReply.of(504, "");
          default -> StubReply.serverError();
        };
    server.script(call -> call.number() == 2 ? refusal : null);
    HttpEmbeddingModel model = server.model().limits(EmbeddingLimits.ofInputs(4)).build();

    EmbeddedTexts embedded = new SplittingEmbedder(model).embed(texts(12), InputType.DOCUMENT);

    assertThat(Objects.requireNonNull(embedded.stop()).reason()).isEqualTo(reason);
    assertThat(embedded.texts().subList(0, 4)).allMatch(text -> text instanceof Embedded);
    assertThat(embedded.texts().subList(4, 12)).allMatch(text -> text instanceof Untried);
    assertThat(server.log()).hasSize(2);
  }

  @Test
  void aModelThatThrowsWhateverItLikesFailsTextsAlone() {
    EmbeddingModel odd =
        new OddModel(
            texts -> {
              if (texts.contains("poison")) {
                throw new ArithmeticException("odd");
              }
              return texts.stream().map(text -> new float[1]).toList();
            });

    EmbeddedTexts embedded =
        new SplittingEmbedder(odd).embed(List.of("a", "poison", "c"), InputType.DOCUMENT);

    assertThat(failures(embedded)).containsExactly(1);
    assertThat(((Failed) embedded.texts().get(1)).error())
        .hasMessageContaining("odd")
        .hasCauseInstanceOf(ArithmeticException.class);
  }

  @Test
  void aModelWithVectorsOfAnotherLengthThanItSaysIsStopped() {
    EmbeddingModel odd = new OddModel(texts -> texts.stream().map(text -> new float[2]).toList());

    EmbeddedTexts embedded = new SplittingEmbedder(odd).embed(texts(8), InputType.DOCUMENT);

    assertThat(embedded.stop()).hasMessageContaining("1 dimensions").hasMessageContaining("of 2");
    assertThat(embedded.calls()).isEqualTo(1);
  }

  @Test
  void oneRequestIsEmbeddedByItself() {
    SplittingEmbedder embedder = unlimited(Oversize.FAIL);
    EmbeddingRequest second = new EmbeddingRequest(List.of(7, 9), List.of("ants", "bees"));

    EmbeddedTexts embedded = embedder.embed(second, InputType.DOCUMENT);

    assertAllEmbedded(List.of("ants", "bees"), embedded);
  }

  @Test
  void whateverIsBadEveryOtherTextIsEmbeddedOnce() {
    server.limits(
        EmbeddingLimits.ofInputs(7).withMaxTokensPerInput(20).withMaxTokensPerRequest(40));
    Random random = new Random(5);
    for (int round = 0; round < 30; round++) {
      int before = server.embedded().size();
      List<String> texts =
          IntStream.range(0, random.nextInt(60))
              .mapToObj(
                  i ->
                      random.nextInt(8) == 0
                          ? "long ".repeat(21)
                          : "w ".repeat(1 + random.nextInt(9)) + i)
              .toList();

      EmbeddedTexts embedded = unlimited(Oversize.FAIL).embed(texts, InputType.DOCUMENT);

      for (int i = 0; i < texts.size(); i++) {
        if (texts.get(i).startsWith("long")) {
          assertThat(reason(embedded, i)).isEqualTo(Reason.TOO_LARGE);
        } else {
          assertEmbedded(texts.get(i), embedded.texts().get(i));
        }
      }
      List<String> paid = server.embedded();
      assertThat(paid.subList(before, paid.size()))
          .containsExactlyElementsOf(texts.stream().filter(t -> !t.startsWith("long")).toList());
      assertThat(embedded.calls()).isLessThanOrEqualTo(2 * Math.max(1, texts.size()));
    }
  }

  /** An embedder that knows nothing of the server's limits. */
  private SplittingEmbedder unlimited(Oversize oversize) {
    return new SplittingEmbedder(
        server.model().tokenCounter(WORDS).limits(EmbeddingLimits.ofInputs(1_000)).build(),
        oversize);
  }

  private void restart(EmbeddingDialect dialect) {
    server.close();
    server = StubEmbeddingServer.start(dialect, DIMENSIONS).counter(WORDS);
  }

  private static List<String> texts(int count) {
    return IntStream.range(0, count).mapToObj(i -> "text number " + i).toList();
  }

  private static void assertAllEmbedded(List<String> texts, EmbeddedTexts embedded) {
    assertThat(embedded.texts()).hasSameSizeAs(texts);
    for (int i = 0; i < texts.size(); i++) {
      assertEmbedded(texts.get(i), embedded.texts().get(i));
    }
  }

  private static void assertEmbedded(String text, EmbeddedText result) {
    assertThat(((Embedded) result).vector())
        .isEqualTo(StubEmbeddingServer.vectorOf(text, DIMENSIONS));
  }

  private static List<Integer> failures(EmbeddedTexts embedded) {
    return IntStream.range(0, embedded.texts().size())
        .filter(i -> embedded.texts().get(i) instanceof Failed)
        .boxed()
        .toList();
  }

  private static Reason reason(EmbeddedTexts embedded, int position) {
    return ((Failed) embedded.texts().get(position)).error().reason();
  }

  /** A model of one dimension that does what it is told. */
  private record OddModel(Function<List<String>, List<float[]>> embedding)
      implements EmbeddingModel {

    @Override
    public String modelId() {
      return "odd";
    }

    @Override
    public int dimensions() {
      return 1;
    }

    @Override
    public int maxBatchSize() {
      return 100;
    }

    @Override
    public EmbeddingResponse embed(List<String> texts, InputType inputType) {
      return new EmbeddingResponse(embedding.apply(texts), 0);
    }
  }
}
