package io.neuralbridge.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.embedding.EmbeddingException.Reason;
import io.neuralbridge.embedding.RequestPacker.Packing;
import io.neuralbridge.text.TokenCounter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RequestPackerTest {

  /** One token a word. */
  private static final TokenCounter WORDS = text -> text.toString().split(" ").length;

  private static final EmbeddingLimits LIMITS = new EmbeddingLimits(3, 4, 6, EmbeddingLimits.NONE);

  @Test
  void requestsHoldAsManyTextsAsAreAllowed() {
    Packing packing = pack(EmbeddingLimits.ofInputs(3), "a", "b", "c", "d");

    assertThat(packing.requests())
        .containsExactly(
            new EmbeddingRequest(List.of(0, 1, 2), List.of("a", "b", "c")),
            new EmbeddingRequest(List.of(3), List.of("d")));
    assertThat(packing.refused()).isEmpty();
  }

  @Test
  void requestsHoldAsManyTokensAsAreAllowed() {
    Packing packing = pack(LIMITS, "a a a a", "b b", "c c c", "d d d", "e");

    assertThat(packing.requests())
        .extracting(EmbeddingRequest::texts)
        .containsExactly(List.of("a a a a", "b b"), List.of("c c c", "d d d"), List.of("e"));
  }

  @Test
  void requestsHoldAsManyBytesAsAreAllowed() {
    String kilobyte = "\"".repeat(500);

    Packing packing =
        pack(
            EmbeddingLimits.ofInputs(100).withMaxBytesPerRequest(3_000),
            kilobyte,
            kilobyte,
            kilobyte);

    assertThat(packing.requests()).extracting(EmbeddingRequest::size).containsExactly(2, 1);
    byte[] body = ProviderJson.MAPPER.writeValueAsBytes(packing.requests().get(0).texts());
    assertThat(body.length).isBetween(2_000, 3_000 - 512);
  }

  @Test
  void noTextsNeedNoRequest() {
    assertThat(pack(LIMITS).requests()).isEmpty();
  }

  @Test
  void aTextThatIsTooLongFailsAloneAndSaysWhatToDo() {
    Packing packing = pack(LIMITS, "a", "b b b b b", "c");

    assertThat(packing.requests())
        .containsExactly(new EmbeddingRequest(List.of(0, 2), List.of("a", "c")));
    EmbeddingException refusal = packing.refused().get(1);
    assertThat(refusal.reason()).isEqualTo(Reason.TOO_LARGE);
    assertThat(refusal).hasMessageContaining("5 tokens").hasMessageContaining("takes 4");
    assertThat(refusal).hasMessageContaining("smaller chunks").hasMessageNotContaining("b b");
  }

  @Test
  void aTextThatIsTooLongIsTruncatedIfSoConfigured() {
    Packing packing =
        new RequestPacker(LIMITS, WORDS, Oversize.TRUNCATE).pack(List.of("a", "b b b b b b", "c"));

    assertThat(packing.refused()).isEmpty();
    assertThat(packing.requests())
        .containsExactly(new EmbeddingRequest(List.of(0, 1, 2), List.of("a", "b b b b ", "c")));
  }

  @Test
  void aTextThatIsTooLongIsSentAloneIfSoConfigured() {
    Packing packing =
        new RequestPacker(LIMITS, WORDS, Oversize.SEND_ALONE).pack(List.of("a", "b b b b b", "c"));

    assertThat(packing.requests())
        .containsExactlyInAnyOrder(
            new EmbeddingRequest(List.of(0, 2), List.of("a", "c")),
            new EmbeddingRequest(List.of(1), List.of("b b b b b")));
  }

  @Test
  void aTextWithTooManyBytesFailsAlone() {
    Packing packing =
        pack(EmbeddingLimits.ofInputs(9).withMaxBytesPerRequest(1_024), "a", "é".repeat(300));

    assertThat(packing.requests()).hasSize(1);
    assertThat(packing.refused().get(1)).hasMessageContaining("bytes");
  }

  @Test
  void aBlankTextFailsAlone() {
    Packing packing = pack(LIMITS, " \n", "b");

    assertThat(packing.requests()).containsExactly(new EmbeddingRequest(List.of(1), List.of("b")));
    assertThat(packing.refused().get(0).reason()).isEqualTo(Reason.REJECTED);
  }

  @Test
  void tokensAreNotCountedWhereTheBytesLeaveNoDoubt() {
    AtomicInteger counts = new AtomicInteger();
    TokenCounter counter =
        text -> {
          counts.incrementAndGet();
          return text.length();
        };
    List<String> texts = Collections.nCopies(64, "x".repeat(1_000));

    new RequestPacker(EmbeddingLimits.OPENAI, counter).pack(texts);
    assertThat(counts).hasValue(0);

    new RequestPacker(EmbeddingLimits.MISTRAL, counter).pack(texts);
    assertThat(counts).as("each at most once").hasPositiveValue().hasValueLessThanOrEqualTo(64);
  }

  @Test
  void everyTextIsInOneRequestAndNoRequestIsTooLarge() {
    Random random = new Random(3);
    for (int round = 0; round < 200; round++) {
      EmbeddingLimits limits =
          new EmbeddingLimits(
              1 + random.nextInt(8),
              1 + random.nextInt(9),
              1 + random.nextInt(30),
              1_024 + random.nextInt(500));
      List<String> texts =
          Stream.generate(() -> "wörd ".repeat(1 + random.nextInt(10)).strip())
              .limit(random.nextInt(40))
              .toList();

      Packing packing = new RequestPacker(limits, WORDS).pack(texts);

      List<Integer> positions = new ArrayList<>(packing.refused().keySet());
      for (EmbeddingRequest request : packing.requests()) {
        positions.addAll(request.positions());
        assertThat(request.size()).isLessThanOrEqualTo(limits.maxInputs());
        assertThat(request.texts().stream().mapToInt(WORDS::count).sum())
            .isLessThanOrEqualTo(limits.maxTokensPerRequest());
        assertThat(request.texts())
            .containsExactlyElementsOf(request.positions().stream().map(texts::get).toList());
      }
      assertThat(positions).doesNotHaveDuplicates().hasSize(texts.size());
    }
  }

  private static Packing pack(EmbeddingLimits limits, String... texts) {
    return new RequestPacker(limits, WORDS).pack(Arrays.asList(texts));
  }
}
