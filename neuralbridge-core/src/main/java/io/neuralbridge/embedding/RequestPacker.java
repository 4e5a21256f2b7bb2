package io.neuralbridge.embedding;

import io.neuralbridge.text.TokenCounter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Packs texts, in their order, into as few requests as a provider's limits allow. A text that is
 * longer than the provider takes is dealt with as {@link Oversize} says, and a blank one, which no
 * provider takes, is refused; neither hinders its neighbours.
 *
 * <p>Tokens are counted only where the bytes of the texts leave a doubt, so where limits are far
 * off, packing costs next to nothing. Immutable and safe for use by many threads at once.
 */
public final class RequestPacker {

  private final EmbeddingLimits limits;
  private final TokenCounter counter;
  private final Oversize oversize;

  /** A packer that refuses texts that are too long. */
  public RequestPacker(EmbeddingLimits limits, TokenCounter counter) {
    this(limits, counter, Oversize.FAIL);
  }

  /**
   * @param counter of the model's tokens, or an estimate of them; it never counts more tokens than
   *     the text has UTF-8 bytes
   */
  public RequestPacker(EmbeddingLimits limits, TokenCounter counter, Oversize oversize) {
    this.limits = limits;
    this.counter = counter;
    this.oversize = oversize;
  }

  /**
   * What was packed: each text is in exactly one of the requests or refused.
   *
   * @param requests in the order of the texts, apart from those that are sent alone
   * @param refused by the position of the text
   */
  public record Packing(List<EmbeddingRequest> requests, Map<Integer, EmbeddingException> refused) {

    public Packing {
      requests = List.copyOf(requests);
      refused = Map.copyOf(refused);
    }
  }

  /** Packs texts; an empty list needs no request. */
  public Packing pack(List<String> texts) {
    Draft draft = new Draft();
    for (int i = 0; i < texts.size(); i++) {
      draft.add(new WeighedText(i, texts.get(i), counter));
    }
    return draft.finish();
  }

  private int maxTokens() {
    return Math.min(limits.maxTokensPerInput(), limits.maxTokensPerRequest());
  }

  private boolean isTooManyBytes(WeighedText text) {
    return text.jsonBytes() > limits.maxBytesPerRequest() - OpenRequest.ENVELOPE_BYTES;
  }

  private EmbeddingException tooLong(WeighedText text) {
    String size =
        isTooManyBytes(text)
            ? "%,d bytes; a request takes %,d"
                .formatted(text.jsonBytes(), limits.maxBytesPerRequest())
            : "%,d tokens or more; the model takes %,d".formatted(text.lowerBound(), maxTokens());
    return new EmbeddingException(
        EmbeddingException.Reason.TOO_LARGE,
        "a text has %s: cut documents into smaller chunks, or let it be truncated".formatted(size));
  }

  private static EmbeddingException blank() {
    return new EmbeddingException(
        EmbeddingException.Reason.REJECTED, "a blank text has nothing to embed");
  }

  /** What becomes of one text. */
  sealed interface Fit {
    /** It goes into a request with others. */
    record Shared(WeighedText text) implements Fit {}

    /** It goes into a request of its own. */
    record Alone(WeighedText text) implements Fit {}

    record Refused(EmbeddingException error) implements Fit {}
  }

  Fit fit(WeighedText text) {
    if (text.text().isBlank()) {
      return new Fit.Refused(blank());
    }
    if (!isTooManyBytes(text) && !text.hasMoreTokensThan(maxTokens())) {
      return new Fit.Shared(text);
    }
    if (oversize == Oversize.SEND_ALONE) {
      return new Fit.Alone(text);
    }
    WeighedText shorter = oversize == Oversize.TRUNCATE ? text.truncatedTo(maxTokens()) : text;
    return shorter == text || shorter.text().isBlank() || isTooManyBytes(shorter)
        ? new Fit.Refused(tooLong(text))
        : new Fit.Shared(shorter);
  }

  /** Requests while they are packed. */
  private final class Draft {
    private final List<EmbeddingRequest> requests = new ArrayList<>();
    private final Map<Integer, EmbeddingException> refused = new LinkedHashMap<>();
    private OpenRequest open = new OpenRequest(limits);

    void add(WeighedText text) {
      Fit fit = fit(text);
      if (fit instanceof Fit.Refused refusal) {
        refused.put(text.position(), refusal.error());
      } else if (fit instanceof Fit.Alone alone) {
        requests.add(request(List.of(alone.text())));
      } else if (fit instanceof Fit.Shared shared) {
        addFitting(shared.text());
      }
    }

    private void addFitting(WeighedText text) {
      if (!open.hasRoomFor(text)) {
        close();
      }
      open.add(text);
    }

    private void close() {
      if (!open.texts().isEmpty()) {
        requests.add(request(open.texts()));
        open = new OpenRequest(limits);
      }
    }

    private EmbeddingRequest request(List<WeighedText> texts) {
      return new EmbeddingRequest(
          texts.stream().map(WeighedText::position).toList(),
          texts.stream().map(WeighedText::text).toList());
    }

    Packing finish() {
      close();
      return new Packing(requests, refused);
    }
  }
}
