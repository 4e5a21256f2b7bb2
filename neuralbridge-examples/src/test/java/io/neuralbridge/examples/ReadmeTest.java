package io.neuralbridge.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.NeuralBridge;
import io.neuralbridge.embedding.LocalEmbeddingModel;
import io.neuralbridge.event.JobEvent;
import io.neuralbridge.jdbc.JdbcBackend;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.knowledge.EmbedJob;
import io.neuralbridge.knowledge.KnowledgeBase;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs what README shows, and holds README to what is run. */
class ReadmeTest {

  private static final Path README = Path.of("../README.md");
  private static final Path SOURCE =
      Path.of("src/test/java/io/neuralbridge/examples/ReadmeTest.java");

  // readme:begin
  record Greeting(String name) {}

  static final JobType<Greeting> GREET = JobType.of("greet", Greeting.class);

  static class Greeter implements Worker<Greeting> {
    @Override
    public JobType<Greeting> type() {
      return GREET;
    }

    @Override
    public Outcome work(JobContext<Greeting> context) {
      return Outcome.completed("Hello " + context.args().name());
    }
  }

  // readme:end

  @Test
  void theCodeInReadmeWorks(@TempDir Path temp) throws Exception {
    Path file = temp.resolve("knowledge");
    String handbook = "# Signing keys\n\nRotate a signing key every 90 days.\n";
    BlockingQueue<JobEvent> events = new LinkedBlockingQueue<>();
    // readme:begin
    JdbcBackend backend = JdbcBackend.embedded(file); // or JdbcBackend.of(dataSource)
    KnowledgeBase knowledge =
        new KnowledgeBase(backend.knowledge(), LocalEmbeddingModel.create(), backend.vectors());
    EmbedJob embedJob = new EmbedJob(knowledge);
    NeuralBridge bridge =
        NeuralBridge.builder()
            .store(backend.queue())
            .install(embedJob)
            .worker(new Greeter())
            .listener(events::add) // started, settled, rescued
            .build()
            .start();

    knowledge.ingest(handbook, "handbook.md"); // cut and stored; unchanged chunks cost nothing
    Job embedding = embedJob.enqueueDocumentBatch("handbook.md"); // embedded in the background
    Job greeting = bridge.enqueue(GREET.request(new Greeting("Ada")).in(Duration.ofMillis(50)));
    // readme:end
    awaitCompleted(events, embedding);
    awaitCompleted(events, greeting);
    assertThat(bridge.find(greeting.id()).orElseThrow().result()).isEqualTo("\"Hello Ada\"");
    assertThat(knowledge.search("How do I rotate a signing key?", 3)).hasSize(1);
    bridge.close();
    backend.close();
  }

  private static void awaitCompleted(BlockingQueue<JobEvent> events, Job job)
      throws InterruptedException {
    List<JobEvent> seen = new ArrayList<>();
    while (seen.stream().noneMatch(event -> isCompletion(event, job))) {
      JobEvent event = events.poll(20, TimeUnit.SECONDS);
      assertThat(event).as("job %d completes; seen: %s", job.id(), seen).isNotNull();
      seen.add(event);
    }
    events.addAll(seen);
  }

  private static boolean isCompletion(JobEvent event, Job job) {
    return event instanceof JobEvent.Settled settled
        && settled.job().id() == job.id()
        && settled.state() == JobState.COMPLETED;
  }

  @Test
  void readmeShowsExactlyThisCode() throws IOException {
    List<String> shown = matches("(?s)```java\n(.*?)```", Files.readString(README));
    List<String> run =
        matches("(?s)// readme:begin\n(.*?)\n *// readme:end", Files.readString(SOURCE));

    assertThat(run).hasSize(2);
    assertThat(shown)
        .containsExactlyInAnyOrderElementsOf(
            run.stream().map(code -> code.stripTrailing().stripIndent() + "\n").toList());
  }

  @Test
  void theFirstTwoShellBlocksOfReadmeAreOneCommandEach() throws IOException {
    List<String> blocks = matches("(?s)```sh\n(.*?)```", Files.readString(README));

    assertThat(blocks).hasSize(2);
    assertThat(blocks).allSatisfy(block -> assertThat(block.strip().lines()).hasSize(1));
  }

  @Test
  void readmeShowsCodeBeforeLineFifty() throws IOException {
    assertThat(Files.readAllLines(README).subList(0, 50)).contains("```java");
  }

  private static List<String> matches(String pattern, String text) {
    List<String> groups = new ArrayList<>();
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    while (matcher.find()) {
      groups.add(matcher.group(1));
    }
    return groups;
  }
}
