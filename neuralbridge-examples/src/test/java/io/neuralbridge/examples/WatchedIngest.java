package io.neuralbridge.examples;

import io.neuralbridge.embedding.EmbeddingModel;
import io.neuralbridge.embedding.EmbeddingResponse;
import io.neuralbridge.embedding.InputType;
import io.neuralbridge.embedding.LocalEmbeddingModel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The example, in a process of its own that tells each text it embeds before it goes on. */
final class WatchedIngest {

  static final String EMBEDDED = "@embedded ";

  private WatchedIngest() {}

  public static void main(String[] args) {
    System.exit(IngestFolder.run(args, new TellingModel(), System.out, System.err));
  }

  private static final class TellingModel implements EmbeddingModel {

    private final EmbeddingModel model = LocalEmbeddingModel.create();

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
    public EmbeddingResponse embed(List<String> texts, InputType inputType) {
      if (inputType == InputType.DOCUMENT) {
        // Slow enough that a kill finds every stage of the work under way.
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        texts.forEach(text -> System.out.println(EMBEDDED + text.replace("\n", " ")));
      }
      return model.embed(texts, inputType);
    }
  }
}
