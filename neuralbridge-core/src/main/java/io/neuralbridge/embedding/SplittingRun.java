package io.neuralbridge.embedding;

import io.neuralbridge.embedding.EmbeddedText.Embedded;
import io.neuralbridge.embedding.EmbeddedText.Failed;
import io.neuralbridge.embedding.EmbeddedText.Untried;
import io.neuralbridge.embedding.EmbeddingException.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One call of {@link SplittingEmbedder#embed}. */
final class SplittingRun {

  private static final String PLAIN_WORD = "text";
  private static final int REFUSALS_BEFORE_TEST = 8;
  private static final int MOST_CUTS = 8;

  private final EmbeddingModel model;
  private final InputType inputType;
  private final Oversize oversize;
  private final List<EmbeddedText> results;
  private @Nullable EmbeddingException stop;
  private int calls;
  private long inputTokens;

  SplittingRun(EmbeddingModel model, InputType inputType, Oversize oversize, int texts) {
    this.model = model;
    this.inputType = inputType;
    this.oversize = oversize;
    this.results = new ArrayList<>(Collections.nCopies(texts, new Untried()));
  }

  EmbeddedTexts result() {
    return new EmbeddedTexts(results, stop, calls, inputTokens);
  }

  void fail(int position, EmbeddingException error) {
    results.set(position, new Failed(error));
  }

  /** Embeds a request, whole or in parts; nothing if the run has stopped. */
  void embed(EmbeddingRequest request) {
    Deque<EmbeddingRequest> parts = new ArrayDeque<>(List.of(request));
    int refusals = 0;
    boolean proven = false;
    while (stop == null && !parts.isEmpty()) {
      EmbeddingRequest part = parts.pop();
      EmbeddingException refusal = attempt(part);
      if (refusal == null) {
        proven = true;
        continue;
      }
      refusals++;
      if (!refusal.reason().mayBeTheTexts()) {
        stop = refusal;
      } else if (part.size() > 1) {
        parts.push(part.subRequest(part.size() / 2, part.size()));
        parts.push(part.subRequest(0, part.size() / 2));
      } else {
        giveUp(part, refusal);
      }
      if (refusals == REFUSALS_BEFORE_TEST && !proven && refusal.reason() != Reason.TOO_LARGE) {
        testWithPlainWord(request);
      }
    }
  }

  // Null if it is embedded.
  private @Nullable EmbeddingException attempt(EmbeddingRequest request) {
    try {
      List<float[]> vectors = call(request.texts());
      for (int i = 0; i < request.size(); i++) {
        results.set(request.positions().get(i), new Embedded(vectors.get(i)));
      }
      return null;
    } catch (EmbeddingException e) {
      return e;
    } catch (RuntimeException e) {
      return new EmbeddingException(e.toString(), e);
    }
  }

  private List<float[]> call(List<String> texts) {
    calls++;
    EmbeddingResponse response = model.embed(texts, inputType);
    inputTokens += response.inputTokens();
    if (response.vectors().size() != texts.size()) {
      throw new EmbeddingException(
          Reason.BAD_RESPONSE,
          "model '%s' returned %d vectors for %d texts"
              .formatted(model.modelId(), response.vectors().size(), texts.size()));
    }
    for (float[] vector : response.vectors()) {
      if (vector.length != model.dimensions()) {
        throw new EmbeddingException(
            Reason.WRONG_DIMENSIONS,
            "model '%s' says that it has %d dimensions, but returned a vector of %d"
                .formatted(model.modelId(), model.dimensions(), vector.length));
      }
    }
    return response.vectors();
  }

  private void giveUp(EmbeddingRequest single, EmbeddingException refusal) {
    if (oversize == Oversize.TRUNCATE && refusal.reason() == Reason.TOO_LARGE) {
      embedBeginning(single, refusal);
    } else {
      fail(single.positions().get(0), refusal);
    }
  }

  private void embedBeginning(EmbeddingRequest single, EmbeddingException first) {
    EmbeddingException refusal = first;
    String text = single.texts().get(0);
    int tokens = model.tokenCounter().count(text);
    for (int cut = 0; cut < MOST_CUTS; cut++) {
      tokens = tokens * 3 / 4;
      text = model.tokenCounter().truncate(text, tokens);
      if (text.isBlank()) {
        break;
      }
      refusal = attempt(new EmbeddingRequest(single.positions(), List.of(text)));
      if (refusal == null) {
        return;
      }
      if (refusal.reason() != Reason.TOO_LARGE) {
        break;
      }
    }
    if (refusal.reason().mayBeTheTexts()) {
      fail(single.positions().get(0), refusal);
    } else {
      stop = refusal;
    }
  }

  private void testWithPlainWord(EmbeddingRequest request) {
    if (stop != null) {
      return;
    }
    try {
      call(List.of(PLAIN_WORD));
    } catch (RuntimeException e) {
      stop =
          e instanceof EmbeddingException known ? known : new EmbeddingException(e.toString(), e);
      request.positions().forEach(position -> results.set(position, new Untried()));
    }
  }
}
