package io.neuralbridge.embedding;

import io.neuralbridge.embedding.EmbeddedText.Embedded;
import io.neuralbridge.embedding.EmbeddedText.Untried;
import io.neuralbridge.text.TokenCounter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** One request of a pipeline, with the smaller ones that a refusal makes of it. */
final class Call {

  private final Provider provider;
  private final InputType type;
  private final List<PendingText> texts;
  private final Admission.Go go;
  private final long tokens;
  private final List<RateLimitHeaders> told = new ArrayList<>();

  Call(Provider provider, InputType type, List<PendingText> texts, Admission.Go go, long tokens) {
    this.provider = provider;
    this.type = type;
    this.texts = texts;
    this.go = go;
    this.tokens = tokens;
  }

  Provider provider() {
    return provider;
  }

  InputType type() {
    return type;
  }

  List<PendingText> texts() {
    return texts;
  }

  Admission.Go go() {
    return go;
  }

  /** The estimate that was taken from the bucket. */
  long tokens() {
    return tokens;
  }

  /** What the provider said about its limits; read when the call has ended. */
  List<RateLimitHeaders> told() {
    return told;
  }

  EmbeddedTexts run(Oversize oversize) {
    try {
      SplittingRun run = new SplittingRun(new Listening(), type, oversize, texts.size());
      run.embed(
          new EmbeddingRequest(
              IntStream.range(0, texts.size()).boxed().toList(),
              texts.stream().map(text -> text.text().text()).toList()));
      EmbeddedTexts result = run.result();
      if (result.stop() != null) {
        told.add(result.stop().rateLimits());
      }
      return result;
    } catch (Throwable e) {
      EmbeddingException stop =
          new EmbeddingException(EmbeddingException.Reason.SERVER_ERROR, e.toString(), e);
      return new EmbeddedTexts(Collections.nCopies(texts.size(), new Untried()), stop, 1, 0);
    }
  }

  /** What can be cached of a result; tokens are shared out by length. */
  Map<EmbeddingKey, CachedEmbedding> cacheable(EmbeddedTexts result) {
    double weight = 0;
    for (int i = 0; i < texts.size(); i++) {
      weight += result.texts().get(i) instanceof Embedded ? texts.get(i).text().upperBound() : 0;
    }
    Map<EmbeddingKey, CachedEmbedding> entries = new LinkedHashMap<>();
    double weightSoFar = 0;
    long tokensSoFar = 0;
    for (int i = 0; i < texts.size(); i++) {
      if (result.texts().get(i) instanceof Embedded embedded) {
        weightSoFar += texts.get(i).text().upperBound();
        // Rounded in sum, not one by one: the shares add up to what was paid for.
        long upToHere = Math.round(result.inputTokens() * (weightSoFar / weight));
        int own = (int) (upToHere - tokensSoFar);
        tokensSoFar = upToHere;
        entries.put(texts.get(i).key(), new CachedEmbedding(embedded.vector(), own));
      }
    }
    return entries;
  }

  /** The model, overheard. */
  private final class Listening implements EmbeddingModel {
    private final EmbeddingModel model = provider.model();

    @Override
    public EmbeddingResponse embed(List<String> asked, InputType inputType) {
      EmbeddingResponse response = model.embed(asked, inputType);
      told.add(response.rateLimits());
      return response;
    }

    @Override
    public String modelId() {
      return model.modelId();
    }

    @Override
    public int dimensions() {
      return model.dimensions();
    }

    @Override
    public int maxBatchSize() {
      return model.maxBatchSize();
    }

    @Override
    public TokenCounter tokenCounter() {
      return model.tokenCounter();
    }
  }
}
