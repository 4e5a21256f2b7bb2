package io.neuralbridge.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DidYouMeanTest {

  private static final List<String> NAMES = List.of("default", "embeddings", "training");

  @Test
  void theNearestNameIsOffered() {
    assertThat(DidYouMean.among(NAMES, "embedings")).isEqualTo("did you mean 'embeddings'?");
    assertThat(DidYouMean.among(NAMES, "TRAINING")).isEqualTo("did you mean 'training'?");
  }

  @Test
  void whereNoneIsNearAllAreListed() {
    assertThat(DidYouMean.among(NAMES, "cats"))
        .isEqualTo("there are default, embeddings, training");
    assertThat(DidYouMean.among(List.of(), "cats")).isEqualTo("there are none");
  }
}
