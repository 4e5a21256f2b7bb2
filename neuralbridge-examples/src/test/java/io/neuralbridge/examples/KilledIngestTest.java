package io.neuralbridge.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.embedding.LocalEmbeddingModel;
import io.neuralbridge.jdbc.JdbcBackend;
import io.neuralbridge.knowledge.KnowledgeBase;
import io.neuralbridge.knowledge.KnowledgeStats;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills the example for real, ten times at random moments, and looks at what is left. */
class KilledIngestTest {

  private static final int DOCUMENTS = 40;
  private static final int CHUNKS_EACH = 12;
  private static final int KILLS = 10;
  private static final int AT_ONCE = 5;

  @TempDir private Path temp;

  @Test
  void nothingIsLostAndNothingEmbeddedTwiceButWhatWasInFlight() throws Exception {
    writeDocuments();
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<String> embedded = new ArrayList<>();
    for (int kill = 0; kill < KILLS; kill++) {
      embedded.addAll(runAndKillAfter(random.nextInt(45)));
    }

    List<String> lastRun = run(Integer.MAX_VALUE);
    lastRun.stream().filter(line -> line.startsWith(WatchedIngest.EMBEDDED)).forEach(embedded::add);

    Set<String> distinct = new HashSet<>(embedded);
    assertThat(distinct).as("seed %d: every chunk", seed).hasSize(DOCUMENTS * CHUNKS_EACH);
    assertThat(embedded.size() - distinct.size())
        .as("seed %d: embedded twice", seed)
        .isLessThanOrEqualTo(KILLS * AT_ONCE);
    assertThat(run(Integer.MAX_VALUE))
        .as("seed %d: one more run", seed)
        .anyMatch(line -> line.contains("0 embedded, " + distinct.size() + " unchanged, 0 failed"));
    assertThatTheDatabaseIsWhole(distinct.size());
  }

  private void assertThatTheDatabaseIsWhole(int chunks) {
    LocalEmbeddingModel model = LocalEmbeddingModel.create();
    try (JdbcBackend backend = JdbcBackend.embedded(temp.resolve("data/knowledge"))) {
      KnowledgeBase knowledge = new KnowledgeBase(backend.knowledge(), model, backend.vectors());
      assertThat(knowledge.stats()).isEqualTo(new KnowledgeStats(DOCUMENTS, chunks, chunks, 0, 0));
      assertThat(backend.vectors().count(knowledge.activeGeneration().orElseThrow().collection()))
          .isEqualTo(chunks);
      assertThat(knowledge.search("What is said of subject 7 in part 3?", 3)).hasSize(3);
    }
  }

  private List<String> runAndKillAfter(int chunks) throws Exception {
    return run(chunks).stream().filter(line -> line.startsWith(WatchedIngest.EMBEDDED)).toList();
  }

  /** What a run printed until it ended, or was killed after so many chunks. */
  private List<String> run(int killAfter) throws Exception {
    Process process = start();
    List<String> lines = new ArrayList<>();
    int embedded = 0;
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
        embedded += line.startsWith(WatchedIngest.EMBEDDED) ? 1 : 0;
        if (embedded >= killAfter) {
          // Unlike the process itself, its handle leaves us the rest of what it said.
          process.toHandle().destroyForcibly();
        }
      }
    }
    int exitCode = process.waitFor();
    if (killAfter == Integer.MAX_VALUE) {
      assertThat(exitCode).as(String.join("\n", lines)).isZero();
    }
    return lines;
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Dneuralbridge.log=" + temp.resolve("log.txt"),
            "-cp",
            System.getProperty("java.class.path"),
            WatchedIngest.class.getName(),
            temp.resolve("docs").toString(),
            "--data",
            temp.resolve("data").toString(),
            "--query",
            "subject 3")
        .redirectError(new File(temp.toFile(), "err.txt"))
        .start();
  }

  private void writeDocuments() throws IOException {
    Files.createDirectories(temp.resolve("docs"));
    for (int document = 0; document < DOCUMENTS; document++) {
      StringBuilder text = new StringBuilder();
      for (int part = 0; part < CHUNKS_EACH; part++) {
        text.append("# Part %d of document %d%n%n".formatted(part, document))
            .append("Here something is said of subject %d.%n%n".formatted(part * document));
      }
      Files.writeString(temp.resolve("docs/document-%02d.md".formatted(document)), text);
    }
  }
}
