package io.neuralbridge.retrieval;

import io.neuralbridge.embedding.EmbeddingModel;
import io.neuralbridge.embedding.InputType;
import io.neuralbridge.embedding.LocalEmbeddingModel;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Prints how many texts of 1,000 characters a second one thread embeds: the corpus, cut evenly. */
final class Throughput {
  private static final int LENGTH = 1000;
  private static final int WARM_UP = 5;
  private static final int ROUNDS = 9;

  private Throughput() {}

  public static void main(String[] args) throws IOException {
    String corpus = CamelDocs.passages().stream().map(Passage::text).collect(Collectors.joining());
    List<String> texts =
        IntStream.range(0, corpus.length() / LENGTH)
            .mapToObj(i -> corpus.substring(i * LENGTH, (i + 1) * LENGTH))
            .toList();
    for (int dimensions : new int[] {384, 1024}) {
      EmbeddingModel model = LocalEmbeddingModel.create().withDimensions(dimensions);
      double[] seconds = new double[ROUNDS];
      for (int round = -WARM_UP; round < ROUNDS; round++) {
        seconds[Math.max(0, round)] = seconds(model, texts);
      }
      Arrays.sort(seconds);
      System.out.printf("%s: %.0f texts/s%n", model.modelId(), texts.size() / seconds[ROUNDS / 2]);
    }
  }

  private static double seconds(EmbeddingModel model, List<String> texts) {
    long start = System.nanoTime();
    texts.forEach(text -> model.embed(List.of(text), InputType.DOCUMENT));
    return (System.nanoTime() - start) / 1e9;
  }
}
