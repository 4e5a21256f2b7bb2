package io.neuralbridge.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ModelBridgeTest {
  private static final int OLD = 32;
  private static final int PAIRS = 3000;

  @Test
  void aHiddenRotationIsFoundUnderNoise() {
    ModelBridge bridge = fit(PAIRS, RandomVectors.of(3, OLD, OLD), 0.005f, 1);

    assertThat(bridge.report().recall()).isGreaterThanOrEqualTo(0.95);
    assertThat(bridge.report().meanCosine()).isGreaterThan(0.99);
    assertThat(bridge.report().isUsable(0.95)).isTrue();
    assertThat(bridge.report().trainingPairs() + 2 * bridge.report().heldOutPairs())
        .isCloseTo(PAIRS, within(1));
  }

  @Test
  void aModelOfMoreDimensionsIsBridgedToo() {
    ModelBridge bridge = fit(PAIRS, RandomVectors.of(3, 48, OLD), 0.005f, 1);

    assertThat(bridge.report().method()).isEqualTo("ridge");
    assertThat(bridge.report().isUsable(0.95)).isTrue();
    assertThat(bridge.apply(ones(48)))
        .hasSize(OLD);
  }

  @Test
  void aModelOfFewerDimensionsLosesSomeAndSaysSo() {
    ModelBridge bridge = fit(PAIRS, RandomVectors.of(3, 12, OLD), 0.005f, 1);

    assertThat(bridge.apply(ones(12))).hasSize(OLD);
    assertThat(bridge.report().recall()).isBetween(0.1, 0.9);
    assertThat(bridge.report().isUsable(0.95)).isFalse();
  }

  @Test
  void unrelatedModelsAreRefused() {
    ModelBridgeFitter fitter = new ModelBridgeFitter("new", "old", 1);
    List<float[]> unrelated = RandomVectors.of(7, PAIRS, OLD);
    List<float[]> old = RandomVectors.of(8, PAIRS, OLD);
    for (int i = 0; i < PAIRS; i++) {
      fitter.add(unrelated.get(i), old.get(i));
    }

    assertThat(fitter.fit().report().recall()).isLessThan(0.1);
    assertThat(fitter.fit().report().isUsable(0.5)).isFalse();
  }

  @Test
  void aRelationThatNoLineDescribesIsRefused() {
    ModelBridgeFitter fitter = new ModelBridgeFitter("new", "old", 1);
    for (float[] old : RandomVectors.of(8, PAIRS, OLD)) {
      float[] folded = new float[OLD];
      for (int i = 0; i < OLD; i++) {
        folded[i] = old[i] * old[(i + 1) % OLD];
      }
      fitter.add(folded, old);
    }

    assertThat(fitter.fit().report().isUsable(0.5)).isFalse();
  }

  @Test
  void theSameSeedMakesTheSameBridgeAndItsBytesBringItBack() {
    ModelBridge bridge = fit(600, RandomVectors.of(3, OLD, OLD), 0.1f, 5);
    byte[] bytes = bridge.toBytes();
    ModelBridge restored = ModelBridge.fromBytes(bytes);

    assertThat(fit(600, RandomVectors.of(3, OLD, OLD), 0.1f, 5).toBytes()).isEqualTo(bytes);
    assertThat(restored.apply(ones(OLD))).isEqualTo(bridge.apply(ones(OLD)));
    assertThat(restored.report()).isEqualTo(bridge.report());
    assertThat(restored.fromModel()).isEqualTo("new");
    assertThat(restored.toModel()).isEqualTo("old");
  }

  @Test
  void damagedBytesAreRefused() {
    byte[] bytes = fit(300, RandomVectors.of(3, OLD, OLD), 0.1f, 5).toBytes();
    bytes[bytes.length / 2] ^= 1;

    assertThatIllegalArgumentException()
        .isThrownBy(() -> ModelBridge.fromBytes(bytes))
        .withMessageContaining("damaged");
    assertThatIllegalArgumentException().isThrownBy(() -> ModelBridge.fromBytes(new byte[3]));
  }

  @Test
  void tooFewPairsAndOtherDimensionsAreRefused() {
    ModelBridgeFitter fitter = new ModelBridgeFitter("new", "old", 1);
    fitter.add(ones(4), ones(3));

    assertThatIllegalStateException().isThrownBy(fitter::fit).withMessageContaining("200");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fitter.add(ones(4), ones(4)))
        .withMessageContaining("dimensions");
    assertThat(fitter.pairs()).isEqualTo(1);
  }

  @Test
  void aReservoirKeepsEachElementOfAStreamWithTheSameChance() {
    int[] kept = new int[10];
    for (int run = 0; run < 10_000; run++) {
      Reservoir<Integer> reservoir = new Reservoir<>(3, new Random(run));
      for (int i = 0; i < 10; i++) {
        reservoir.offer(i);
      }
      reservoir.kept().forEach(i -> kept[i]++);
    }

    assertThat(Arrays.stream(kept).boxed())
        .allSatisfy(count -> assertThat(count).isBetween(2800, 3200));
  }

  /** Old vectors at random; the new ones are a linear map of them, and noise. */
  private static ModelBridge fit(int pairs, List<float[]> map, float noise, long seed) {
    List<float[]> rows = map.size() == OLD ? Rotation.nearest(map) : map;
    ModelBridgeFitter fitter = new ModelBridgeFitter("new", "old", seed);
    Random random = new Random(11);
    for (float[] old : RandomVectors.of(8, pairs, OLD)) {
      float[] mapped = new float[rows.size()];
      for (int i = 0; i < mapped.length; i++) {
        mapped[i] = Vectors.dot(rows.get(i), 0, old) + noise * (float) random.nextGaussian();
      }
      fitter.add(mapped, old);
    }
    return fitter.fit();
  }

  private static float[] ones(int length) {
    float[] ones = new float[length];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** Gram and Schmidt. */
  private static final class Rotation {
    static List<float[]> nearest(List<float[]> rows) {
      for (int i = 0; i < rows.size(); i++) {
        for (int j = 0; j < i; j++) {
          float share = Vectors.dot(rows.get(i), 0, rows.get(j));
          for (int d = 0; d < OLD; d++) {
            rows.get(i)[d] -= share * rows.get(j)[d];
          }
        }
        rows.set(i, Vectors.toUnitLength(rows.get(i)));
      }
      return rows;
    }
  }
}
