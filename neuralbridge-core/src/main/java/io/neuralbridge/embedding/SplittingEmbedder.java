package io.neuralbridge.embedding;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Embeds any number of texts, each to its own result: packs them into requests by the model's
 * limits, and halves a request that is refused until the text that is to blame stands alone. So one
 * bad text fails by itself, and its neighbours are embedded.
 *
 * <p>Where it is not the texts, but the provider, that takes no more calls (its rate, the account,
 * the network, an interrupt; see {@link EmbeddingException.Reason#mayBeTheTexts}), it stops at
 * once: what is embedded is returned, and the rest is {@link EmbeddedText.Untried}. It never
 * retries or waits.
 *
 * <p>A request of n texts costs one call, and at most 2n if all of its texts are bad. A request of
 * which eight parts were refused and none was taken is put to the test with a plain word: where
 * that is refused too, the fault is not in the texts, and it stops. With {@link Oversize#TRUNCATE}
 * a text that the provider finds too long costs up to eight calls more.
 *
 * <p>Requests go one after another. Immutable and, as the model is, safe for use by many threads at
 * once.
 */
public final class SplittingEmbedder {

  private final EmbeddingModel model;
  private final Oversize oversize;
  private final RequestPacker packer;

  /** An embedder that fails texts which are too long. */
  public SplittingEmbedder(EmbeddingModel model) {
    this(model, Oversize.FAIL);
  }

  public SplittingEmbedder(EmbeddingModel model, Oversize oversize) {
    this.model = model;
    this.oversize = oversize;
    EmbeddingLimits limits = model.limits();
    int inputs = Math.min(limits.maxInputs(), model.maxBatchSize());
    this.packer = new RequestPacker(limits.withMaxInputs(inputs), model.tokenCounter(), oversize);
  }

  /**
   * Embeds texts.
   *
   * @param texts any number; blank ones fail, without a call
   */
  public EmbeddedTexts embed(List<String> texts, InputType inputType) {
    RequestPacker.Packing packing = pack(texts);
    SplittingRun run = new SplittingRun(model, inputType, oversize, texts.size());
    packing.refused().forEach(run::fail);
    packing.requests().forEach(run::embed);
    return run.result();
  }

  /** The requests of texts, for those who want to save what came between two of them. */
  public RequestPacker.Packing pack(List<String> texts) {
    return packer.pack(texts);
  }

  /**
   * Embeds the texts of one request.
   *
   * @return one result for each text of the request, in their order
   */
  public EmbeddedTexts embed(EmbeddingRequest request, InputType inputType) {
    List<Integer> positions = IntStream.range(0, request.size()).boxed().toList();
    SplittingRun run = new SplittingRun(model, inputType, oversize, request.size());
    run.embed(new EmbeddingRequest(positions, request.texts()));
    return run.result();
  }
}
