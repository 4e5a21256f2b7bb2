package io.neuralbridge.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed in mid-write loses nothing that it was told is stored. */
@Timeout(120)
class HnswCrashTest {
  private static final int BATCH = 50;

  @TempDir Path folder;

  @RepeatedTest(4)
  void aKilledProcessKeepsEveryFinishedChangeAndNoHalfOfOne(RepetitionInfo repetition)
      throws Exception {
    int round = -1;
    for (int life = 1; life <= 2; life++) {
      round = liveUntil(round + 40 * life + 7 * repetition.getCurrentRepetition());
      try (HnswVectorStore store = HnswVectorStore.open(folder)) {
        assertThat(store.count("c")).isEqualTo(BATCH);
        List<VectorMatch> all = store.search("c", VectorQuery.of(vector(0), BATCH));
        List<String> rounds =
            all.stream().map(match -> match.metadata().get("round")).distinct().toList();
        assertThat(rounds).hasSize(1);
        assertThat(Integer.parseInt(rounds.get(0))).isGreaterThanOrEqualTo(round);
        round = Integer.parseInt(rounds.get(0));
      }
    }
  }

  /** Starts a writer and kills it once it has acknowledged a round; returns the last it did. */
  private int liveUntil(int last) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder =
        new ProcessBuilder(
            java, "-Xmx256m", "-XX:+UseSerialGC", Writer.class.getName(), folder.toString());
    builder
        .environment()
        .put(
            "CLASSPATH",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    int acknowledged = -1;
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith("round ")) {
          acknowledged = Integer.parseInt(line.substring(6));
          if (acknowledged >= last) {
            process.toHandle().destroyForcibly();
          }
        }
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(acknowledged).isGreaterThanOrEqualTo(last);
    return acknowledged;
  }

  private static float[] vector(int i) {
    return RandomVectors.of(i, 1, 64).get(0);
  }

  /** Replaces all records again and again, and tells when each round is stored. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] args) {
      HnswSettings settings = HnswSettings.defaults().withGraphThreshold(10);
      try (HnswVectorStore store = HnswVectorStore.open(Path.of(args[0]), settings)) {
        List<VectorMatch> before = store.search("c", VectorQuery.of(vector(0), 1));
        int round =
            before.isEmpty() ? 0 : Integer.parseInt(before.get(0).metadata().get("round")) + 1;
        for (; ; round++) {
          Map<String, String> metadata = Map.of("round", "" + round);
          store.upsert(
              "c",
              IntStream.range(0, BATCH)
                  .mapToObj(i -> new VectorRecord("id" + i, vector(i), metadata))
                  .toList());
          System.out.println("round " + round);
          System.out.flush();
        }
      }
    }
  }
}
