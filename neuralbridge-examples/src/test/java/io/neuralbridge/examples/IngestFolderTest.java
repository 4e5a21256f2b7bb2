package io.neuralbridge.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.embedding.LocalEmbeddingModel;
import io.neuralbridge.jdbc.JdbcBackend;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestFolderTest {

  private static final int MB = 1 << 20;

  @TempDir private Path temp;
  private Path docs;

  /** How a run ended and what it said. */
  private record Run(int exitCode, String out, String err) {}

  @BeforeEach
  void makeFolder() throws IOException {
    docs = Files.createDirectory(temp.resolve("docs"));
  }

  @Test
  void ingestsEmbedsAndAnswersAndDoesNothingTwice() throws IOException {
    write("keys.md", "# Signing keys\n\nRotate the signing key every 90 days.\n");
    write("sub/leave.txt", "Everybody has 30 days of leave a year.\n");

    Run first = run("--query", "How often is the signing key rotated?");
    assertThat(first.exitCode()).isZero();
    assertThat(first.out())
        .contains("2 documents, 2 chunks: 2 embedded, 0 unchanged, 0 failed")
        .contains("1. ")
        .containsPattern("1\\. 0\\.\\d+  keys\\.md, chunk 1: Signing keys");

    Run second = run("--query", "leave");
    assertThat(second.out()).contains("2 chunks: 0 embedded, 2 unchanged, 0 failed");
    assertThat(second.out()).containsPattern("1\\. 0\\.\\d+  sub/leave\\.txt, chunk 1");
  }

  @Test
  void aChangedFileIsEmbeddedAgainAndADeletedOneIsForgotten() throws IOException {
    write("keys.md", "# A\n\nRotate the key.\n\n# B\n\nKeep the key.\n");
    write("leave.txt", "Everybody has 30 days of leave.\n");
    run("--query", "key");
    write("keys.md", "# A\n\nRotate the key weekly.\n\n# B\n\nKeep the key.\n");
    Files.delete(docs.resolve("leave.txt"));

    Run run = run("--query", "How many days of leave?");

    assertThat(run.out())
        .contains("Removed leave.txt: it is no longer in the folder")
        .contains("1 documents, 2 chunks: 1 embedded, 1 unchanged, 0 failed")
        .doesNotContain("30 days");
  }

  @Test
  void everyDocumentThatCannotBeReadIsSkippedWithAReasonAndLosesNoOther() throws IOException {
    write("good.md", "# Good\n\nThis is a good document.\n");
    write("empty.md", "");
    write("blank.txt", " \n\n\t\n");
    Files.write(docs.resolve("binary.txt"), new byte[] {'a', 0, 1, 2, 0, 'b'});
    Files.write(docs.resolve("latin1.txt"), "Stra\u00DFe".getBytes(StandardCharsets.ISO_8859_1));

    Run run = run("--query", "good");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .containsPattern("Skipped empty\\.md: .+")
        .containsPattern("Skipped blank\\.txt: .+")
        .containsPattern("Skipped binary\\.txt: .+not text.+")
        .containsPattern("Skipped latin1\\.txt: .+byte 4.+")
        .contains("1 documents, 1 chunks: 1 embedded, 0 unchanged, 0 failed; 4 documents skipped");
  }

  @Test
  void aDocumentThatBecomesUnreadableKeepsWhatWasThere() throws IOException {
    write("keys.md", "# Keys\n\nRotate the key.\n");
    run("--query", "key");
    write("keys.md", "");

    assertThat(run("--query", "key").out())
        .containsPattern("Skipped keys\\.md: .+ What was ingested of it before is kept\\.")
        .contains("1 documents, 1 chunks: 0 embedded, 1 unchanged")
        .contains("Rotate the key");
  }

  @Test
  void aNulCharacterDeepInATextIsReplacedAndSaid() throws IOException {
    write("odd.txt", "A sentence of some length. ".repeat(400) + "NUL:\u0000 here.");

    assertThat(run("--query", "NUL").out())
        .contains("odd.txt: 1 characters that cannot be stored were replaced by U+FFFD");
  }

  @Test
  void aLineOfOneMegabyteIsCutAndEmbedded() throws IOException {
    write("line.txt", "word and another word, ".repeat(MB / 23));

    assertThat(run("--query", "word").out()).containsPattern("1 documents, \\d{3,} chunks");
  }

  @Test
  void aMissingOrEmptyFolderIsAnErrorThatNamesIt() throws IOException {
    assertThat(run(temp.resolve("nowhere")).exitCode()).isEqualTo(1);
    assertThat(run(temp.resolve("nowhere")).err()).contains("nowhere");
    assertThat(run(docs).exitCode()).isEqualTo(1);
    assertThat(run(docs).err()).contains("docs").contains("no text or Markdown file");
  }

  @Test
  void aDatabaseThatIsOpenElsewhereIsAnErrorThatSaysSo() throws Exception {
    write("good.md", "# Good\n\nThis is good.\n");
    Process other = holdDatabase();
    try {
      Run run = run("--query", "good");
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).contains("another process");
    } finally {
      other.destroyForcibly().waitFor();
    }
  }

  private Process holdDatabase() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                temp.resolve("data/knowledge").toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.inputReader().readLine()).isEqualTo("open");
    return process;
  }

  /** Opens a database and keeps it open until it is killed. */
  static final class Holder {
    public static void main(String[] args) throws IOException {
      try (JdbcBackend backend = JdbcBackend.embedded(Path.of(args[0]))) {
        System.out.println("open");
        assertThat(System.in.read()).isNegative();
        assertThat(backend).isNotNull();
      }
    }
  }

  @Test
  void wrongArgumentsAreAnErrorWithTheUsage() {
    assertThat(runArgs("--help").exitCode()).isZero();
    assertThat(runArgs("--help").out()).contains("Usage:");
    assertThat(runArgs("--help").exitCode()).isZero();
    assertThat(runArgs("--help").out()).contains("Usage:");
    assertThat(runArgs("--colour", "red").exitCode()).isEqualTo(2);
    assertThat(runArgs("--query").err()).contains("--query needs a value").contains("Usage:");
    assertThat(runArgs("a", "b").err()).contains("Unexpected argument 'b'");
  }

  @Test
  void fiftyMegabytesPassThroughLittleMemory() throws Exception {
    try (BufferedWriter out = Files.newBufferedWriter(docs.resolve("large.txt"))) {
      for (int i = 0; Files.size(docs.resolve("large.txt")) < 50L * MB; i++) {
        out.write("Line %d of a long text, which says little of subject %d.%n".formatted(i, i / 9));
      }
    }
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx160m",
                "-Dneuralbridge.log=" + temp.resolve("log.txt"),
                "-cp",
                System.getProperty("java.class.path"),
                IngestOnly.class.getName(),
                docs.resolve("large.txt").toString(),
                temp.resolve("data/knowledge").toString())
            .redirectErrorStream(true)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(out).isZero();
    assertThat(out).containsPattern("\\d{5} chunks");
  }

  private void write(String name, String text) throws IOException {
    Files.createDirectories(docs.resolve(name).getParent());
    Files.writeString(docs.resolve(name), text);
  }

  private Run run(String... options) {
    List<String> args = new ArrayList<>(List.of(docs.toString(), "--data"));
    args.add(temp.resolve("data").toString());
    args.addAll(List.of(options));
    return runArgs(args.toArray(String[]::new));
  }

  private Run run(Path folder) {
    return runArgs(folder.toString(), "--data", temp.resolve("data").toString());
  }

  private static Run runArgs(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode = IngestFolder.run(args, LocalEmbeddingModel.create(), print(out), print(err));
    return new Run(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static PrintStream print(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
