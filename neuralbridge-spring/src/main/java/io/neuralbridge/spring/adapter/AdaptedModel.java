package io.neuralbridge.spring.adapter;

import io.neuralbridge.embedding.EmbeddingException;
import io.neuralbridge.embedding.EmbeddingException.Reason;
import io.neuralbridge.embedding.EmbeddingLimits;
import io.neuralbridge.embedding.EmbeddingModel;
import io.neuralbridge.embedding.EmbeddingResponse;
import io.neuralbridge.embedding.InputType;
import io.neuralbridge.text.TokenCounter;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Another library's model: one call for one call, checked vectors, typed failures. */
abstract class AdaptedModel implements EmbeddingModel {

  private static final String PROBE = "dimensions";

  private final @Nullable String givenId;
  private final int givenDimensions;
  private final EmbeddingLimits limits;
  private final TokenCounter tokenCounter;
  private final InstantSource clock;
  private final Object probing = new Object();
  private volatile @Nullable Learned learned;

  /** What the first answer told. */
  private record Learned(String model, int dimensions) {}

  /**
   * What another library answered.
   *
   * @param model its name, empty if it does not say
   * @param vectors by text; null where none came
   */
  record Answer(String model, float[][] vectors, long inputTokens) {}

  AdaptedModel(AdaptedModelBuilder<?> builder) {
    this.givenId = builder.modelId;
    this.givenDimensions = builder.dimensions;
    this.limits = builder.limits;
    this.tokenCounter = builder.tokenCounter;
    this.clock = builder.clock;
  }

  /** One call of the other library; throws whatever that throws. */
  abstract Answer call(List<String> texts, InputType inputType);

  /** The model's name where it is known without a call, else null. */
  abstract @Nullable String knownName();

  /** The name of the other library's class, for messages. */
  abstract String who();

  /**
   * As the builder was told, else made up of the model's name and its dimensions.
   *
   * @throws EmbeddingException if that needs a call, and it fails; the next one tries again
   * @throws IllegalStateException if the model does not tell its name
   */
  @Override
  public final String modelId() {
    if (givenId != null) {
      return givenId;
    }
    String known = knownName();
    String name = known == null ? learned().model() : known;
    if (name.isBlank()) {
      throw new IllegalStateException(
          "%s does not tell its name: say modelId(…), or neuralbridge.embedding.model-id, a name that changes with the model"
              .formatted(who()));
    }
    return name + "@" + dimensions();
  }

  /**
   * @throws EmbeddingException if that needs a call, and it fails; the next one tries again
   */
  @Override
  public final int dimensions() {
    return givenDimensions > 0 ? givenDimensions : learned().dimensions();
  }

  @Override
  public final int maxBatchSize() {
    return limits.maxInputs();
  }

  @Override
  public final EmbeddingLimits limits() {
    return limits;
  }

  @Override
  public final TokenCounter tokenCounter() {
    return tokenCounter;
  }

  /**
   * Makes one call of the other library's model.
   *
   * @throws IllegalArgumentException if there are no texts, or more than {@link #maxBatchSize()}
   */
  @Override
  public final EmbeddingResponse embed(List<String> texts, InputType inputType) {
    if (texts.isEmpty() || texts.size() > maxBatchSize()) {
      throw new IllegalArgumentException(
          "a call of %s must have 1 to %d texts, not %d: use SplittingEmbedder for more"
              .formatted(who(), maxBatchSize(), texts.size()));
    }
    Answer answer = ask(texts, inputType);
    float[][] vectors = answer.vectors();
    requireOneATextOf(texts, vectors);
    learn(answer);
    return new EmbeddingResponse(Arrays.asList(vectors), Math.max(0, answer.inputTokens()));
  }

  private Answer ask(List<String> texts, InputType inputType) {
    try {
      return call(texts, inputType);
    } catch (RuntimeException e) {
      throw ForeignFailures.of(who(), e, texts, clock);
    }
  }

  private Learned learned() {
    Learned known = learned;
    if (known != null) {
      return known;
    }
    synchronized (probing) {
      if (learned == null) {
        embed(List.of(PROBE), InputType.DOCUMENT);
      }
      return Objects.requireNonNull(learned, "an answer tells the dimensions");
    }
  }

  private void learn(Answer answer) {
    if (learned == null) {
      learned = new Learned(answer.model(), answer.vectors()[0].length);
    }
  }

  private void requireOneATextOf(List<String> texts, float[][] vectors) {
    if (vectors.length != texts.size()) {
      throw bad(
          Reason.BAD_RESPONSE, vectors.length + " vectors came for " + texts.size() + " texts");
    }
    Learned known = learned;
    int before = known == null ? 0 : known.dimensions();
    int expected = givenDimensions > 0 ? givenDimensions : before;
    for (float[] vector : vectors) {
      if (vector == null) {
        throw bad(Reason.BAD_RESPONSE, "no vector came for one of the texts");
      }
      requireUsable(vector, expected > 0 ? expected : vectors[0].length);
    }
  }

  private void requireUsable(float[] vector, int expected) {
    if (vector.length == 0) {
      throw bad(Reason.BAD_RESPONSE, "an empty vector came");
    }
    if (vector.length != expected) {
      throw bad(
          Reason.WRONG_DIMENSIONS,
          "vectors have %d dimensions, not %d: say dimensions(%d) and another modelId(…)"
              .formatted(vector.length, expected, vector.length));
    }
    for (float number : vector) {
      if (!Float.isFinite(number)) {
        throw bad(Reason.BAD_RESPONSE, "a vector holds " + number);
      }
    }
  }

  final EmbeddingException bad(Reason reason, String what) {
    return new EmbeddingException(reason, who() + " cannot be understood: " + what);
  }

  @Override
  public final String toString() {
    return givenId == null ? who() : who() + " '" + givenId + "'";
  }
}
