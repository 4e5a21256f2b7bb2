package io.neuralbridge.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalEmbeddingModelTest {
  private static final LocalEmbeddingModel MODEL = LocalEmbeddingModel.create();
  private static final String TEXT =
      "Background jobs embed documents: Größe, maxPollRecords, 東京都, x86_64 and the 2 classes.";

  @Test
  void theDefaultModelTellsItsNameSizeAndBatch() {
    assertThat(MODEL.modelId()).isEqualTo("neuralbridge-local-1-1024");
    assertThat(MODEL.dimensions()).isEqualTo(1024);
    assertThat(MODEL.maxBatchSize()).isEqualTo(1);
  }

  /** If this fails, stored vectors no longer compare: raise the model's version, then this. */
  @Test
  void theVectorsOfThisVersionAreTheseInEveryJvm() {
    assertThat(checksum(MODEL, InputType.DOCUMENT)).isEqualTo(1655900945L);
    assertThat(checksum(MODEL, InputType.QUERY)).isEqualTo(3017579984L);
    assertThat(checksum(MODEL.withDimensions(384), InputType.DOCUMENT)).isEqualTo(1357493142L);
  }

  @Test
  void anotherSizeIsAnotherModel() {
    LocalEmbeddingModel small = MODEL.withDimensions(384);

    assertThat(small.modelId()).isEqualTo("neuralbridge-local-1-384");
    assertThat(embed(small, TEXT, InputType.DOCUMENT)).hasSize(384);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 63, 4097})
  void sizesThatMakeNoSenseAreRefused(int dimensions) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MODEL.withDimensions(dimensions))
        .withMessageContaining("64 to 4096");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "!", "🎉", "東京都", "한", "\u0301", "\u00a0", "\uD800", "\u0000", "the of to"})
  void everyTextThatIsNotBlankHasAVectorOfLengthOne(String text) {
    for (InputType type : InputType.values()) {
      float[] vector = embed(MODEL, text, type);
      assertThat(dot(vector, vector)).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void aMegabyteWithoutASpaceIsJustALongText() {
    float[] vector = embed(MODEL, "ab1".repeat(350_000), InputType.DOCUMENT);

    assertThat(dot(vector, vector)).isCloseTo(1, within(1e-5));
  }

  @Test
  void aBlankTextIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MODEL.embed(List.of(TEXT, " \n"), InputType.DOCUMENT));
  }

  @Test
  void severalTextsGiveTheVectorsThatTheyGiveAlone() {
    List<String> texts = List.of(TEXT, "another text", TEXT);

    EmbeddingResponse response = MODEL.embed(texts, InputType.DOCUMENT);

    assertThat(response.inputTokens()).isZero();
    assertThat(response.vectors()).hasSize(3);
    for (int i = 0; i < texts.size(); i++) {
      assertThat(response.vectors().get(i))
          .isEqualTo(embed(MODEL, texts.get(i), InputType.DOCUMENT));
    }
  }

  @Test
  void caseAccentsAndPunctuationDoNotCount() {
    assertThat(similarity("Café: CRÈME brûlée!", "cafe creme brulee")).isCloseTo(1, within(0.02));
  }

  @Test
  void theTextThatSharesTheRareWordIsNearest() {
    double kafka = similarity("how to use kafka", "Kafka keeps messages in topics.");
    double other = similarity("how to use kafka", "How to use the file and how to use the text.");

    assertThat(kafka).isGreaterThan(other);
  }

  @Test
  void aMisspeltWordStillFindsItsText() {
    double meant = similarity("elasticsaerch qurey", "Run an Elasticsearch query on an index.");
    double other = similarity("elasticsaerch qurey", "Start a container from an image.");

    assertThat(meant).isGreaterThan(other + 0.1);
  }

  @Test
  void symbolsAreComparedWhereThereIsNothingElse() {
    assertThat(similarity("🎉🎉", "🎉")).isGreaterThan(0.9);
    assertThat(similarity("🎉🎉", "🚀")).isLessThan(0.5);
  }

  private static double similarity(String question, String document) {
    return dot(embed(MODEL, question, InputType.QUERY), embed(MODEL, document, InputType.DOCUMENT));
  }

  private static float[] embed(EmbeddingModel model, String text, InputType inputType) {
    return model.embed(List.of(text), inputType).vectors().get(0);
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static long checksum(EmbeddingModel model, InputType inputType) {
    float[] vector = embed(model, TEXT, inputType);
    ByteBuffer bytes = ByteBuffer.allocate(4 * vector.length);
    bytes.asFloatBuffer().put(vector);
    CRC32 crc = new CRC32();
    crc.update(bytes.array());
    return crc.getValue();
  }
}
