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
    ModelBridge bridge = fit(PAIRS, map(OLD), 0.005f, 1);

    assertThat(bridge.report().recall()).isGreaterThanOrEqualTo(0.95);
    assertThat(bridge.report().meanCosine()).isGreaterThan(0.99);
    assertThat(bridge.report().isUsable(0.95)).isTrue();
    assertThat(bridge.report().trainingPairs() + 2 * bridge.report().heldOutPairs())
        .isCloseTo(PAIRS, within(1));
  }

  @Test
  void aModelOfMoreDimensionsIsBridgedToo() {
    ModelBridge bridge = fit(PAIRS, map(48), 0.005f, 1);

    assertThat(bridge.report().method()).isEqualTo("ridge");
    assertThat(bridge.report().isUsable(0.95)).isTrue();
    assertThat(bridge.apply(ones(48))).hasSize(OLD);
  }

  @Test
  void aModelOfFewerDimensionsLosesSomeAndSaysSo() {
    ModelBridge bridge = fit(PAIRS, map(12), 0.005f, 1);

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
    ModelBridge bridge = fit(600, map(OLD), 0.1f, 5);
    byte[] bytes = bridge.toBytes();
    ModelBridge restored = ModelBridge.fromBytes(bytes);

    assertThat(fit(600, map(OLD), 0.1f, 5).toBytes()).isEqualTo(bytes);
    assertThat(restored.apply(ones(OLD))).isEqualTo(bridge.apply(ones(OLD)));
    assertThat(restored.report()).isEqualTo(bridge.report());
    assertThat(restored.fromModel()).isEqualTo("new");
    assertThat(restored.toModel()).isEqualTo("old");
  }

  @Test
  void damagedBytesAreRefused() {
    byte[] bytes = fit(300, map(OLD), 0.1f, 5).toBytes();
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
    Random random = new Random(1);
    for (int run = 0; run < 10_000; run++) {
      Reservoir<Integer> reservoir = new Reservoir<>(3, random);
      for (int i = 0; i < 10; i++) {
        reservoir.offer(i);
      }
      reservoir.kept().forEach(i -> kept[i]++);
    }

    assertThat(Arrays.stream(kept).boxed())
        .allSatisfy(count -> assertThat(count).isBetween(2800, 3200));
  }

  /** Old vectors at random; the new ones are a linear map of them, and noise. */
  private static ModelBridge fit(int pairs, float[][] map, float noise, long seed) {
    ModelBridgeFitter fitter = new ModelBridgeFitter("new", "old", seed);
    Random random = new Random(11);
    for (float[] old : RandomVectors.of(8, pairs, OLD)) {
      float[] mapped = new float[map.length];
      for (int i = 0; i < mapped.length; i++) {
        mapped[i] = Vectors.dot(map[i], 0, old) + noise * (float) random.nextGaussian();
      }
      fitter.add(mapped, old);
    }
    return fitter.fit();
  }

  /** Orthonormal columns, or rows where there are fewer of these, by Gram and Schmidt. */
  private static float[][] map(int dimensions) {
    int count = Math.min(dimensions, OLD);
    List<float[]> basis = RandomVectors.of(3, count, Math.max(dimensions, OLD));
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < i; j++) {
        float share = Vectors.dot(basis.get(i), 0, basis.get(j));
        for (int d = 0; d < basis.get(i).length; d++) {
          basis.get(i)[d] -= share * basis.get(j)[d];
        }
      }
      basis.set(i, Vectors.toUnitLength(basis.get(i)));
    }
    float[][] map = new float[dimensions][OLD];
    for (int row = 0; row < dimensions; row++) {
      for (int column = 0; column < OLD; column++) {
        map[row][column] = dimensions >= OLD ? basis.get(column)[row] : basis.get(row)[column];
      }
    }
    return map;
  }

  private static float[] ones(int length) {
    float[] ones = new float[length];
    Arrays.fill(ones, 1);
    return ones;
  }
}
