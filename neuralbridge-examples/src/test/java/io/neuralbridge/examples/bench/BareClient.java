package io.neuralbridge.examples.bench;

import io.neuralbridge.embedding.EmbeddingException;
import io.neuralbridge.embedding.EmbeddingException.Reason;
import io.neuralbridge.embedding.EmbeddingLimits;
import io.neuralbridge.embedding.HttpEmbeddingModel;
import io.neuralbridge.embedding.InputType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the client's side can do at best: full requests, as many at once as the provider takes, and
 * nothing is stored. A request that failed is sent again after the wait that was asked for.
 */
final class BareClient implements EmbeddingContestant {

  static final String NAME = "bare client";

  private final HttpEmbeddingModel model;
  private final ProviderRules rules;
  private final AtomicLong embedded = new AtomicLong();

  BareClient(Provider.Endpoint provider, ProviderRules rules) {
    this.model = model(provider, rules);
    this.rules = rules;
  }

  static HttpEmbeddingModel model(Provider.Endpoint provider, ProviderRules rules) {
    return HttpEmbeddingModel.builder("stub")
        .baseUri(provider.uri().resolve("/v1"))
        .dimensions(provider.dimensions())
        .limits(EmbeddingLimits.OPENAI.withMaxInputs(rules.inputs()))
        .build();
  }

  @Override
  public Landing ingest(List<Corpus.Text> documents) throws Exception {
    return Calls.make(documents, rules.inputs(), rules.slots(), this::embed, embedded::get);
  }

  private void embed(List<String> texts) throws InterruptedException {
    while (true) {
      try {
        embedded.addAndGet(model.embed(texts, InputType.DOCUMENT).vectors().size());
        return;
      } catch (EmbeddingException e) {
        if (e.reason() != Reason.RATE_LIMITED && e.reason() != Reason.SERVER_ERROR) {
          throw e;
        }
        Duration wait = e.retryAfter();
        TimeUnit.MILLISECONDS.sleep(wait == null ? 0 : wait.toMillis());
      }
    }
  }

  @Override
  public void close() {
    // Nothing is kept.
  }
}
