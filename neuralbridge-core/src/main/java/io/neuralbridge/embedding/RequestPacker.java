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

  /** What surrounds the texts in the body of a request. */
  private static final long ENVELOPE_BYTES = 512;

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
    return text.jsonBytes() > limits.maxBytesPerRequest() - ENVELOPE_BYTES;
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

  /** Requests while they are packed. */
  private final class Draft {
    private final List<EmbeddingRequest> requests = new ArrayList<>();
    private final Map<Integer, EmbeddingException> refused = new LinkedHashMap<>();
    private final List<WeighedText> open = new ArrayList<>();
    private long tokens;
    private long bytes = ENVELOPE_BYTES;

    void add(WeighedText text) {
      if (text.text().isBlank()) {
        refused.put(text.position(), blank());
      } else if (isTooManyBytes(text) || text.hasMoreTokensThan(maxTokens())) {
        addOversize(text);
      } else {
        addFitting(text);
      }
    }

    private void addOversize(WeighedText text) {
      if (oversize == Oversize.SEND_ALONE) {
        requests.add(request(List.of(text)));
        return;
      }
      WeighedText shorter = oversize == Oversize.TRUNCATE ? text.truncatedTo(maxTokens()) : text;
      if (shorter == text || shorter.text().isBlank() || isTooManyBytes(shorter)) {
        refused.put(text.position(), tooLong(text));
      } else {
        addFitting(shorter);
      }
    }

    private void addFitting(WeighedText text) {
      if (!hasRoomFor(text)) {
        close();
      }
      open.add(text);
      tokens += text.upperBound();
      bytes += text.jsonBytes();
    }

    private boolean hasRoomFor(WeighedText text) {
      if (open.size() >= limits.maxInputs()
          || bytes + text.jsonBytes() > limits.maxBytesPerRequest()) {
        return false;
      }
      if (tokens + text.upperBound() > limits.maxTokensPerRequest()) {
        tokens = open.stream().mapToLong(WeighedText::tokens).sum();
        return tokens + text.tokens() <= limits.maxTokensPerRequest();
      }
      return true;
    }

    private void close() {
      if (!open.isEmpty()) {
        requests.add(request(open));
        open.clear();
      }
      tokens = 0;
      bytes = ENVELOPE_BYTES;
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
