package io.neuralbridge.examples;

import static io.neuralbridge.flow.After.after;
import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.Builder;
import io.neuralbridge.NeuralBridge;
import io.neuralbridge.QueueOptions;
import io.neuralbridge.Retention;
import io.neuralbridge.flow.Batch;
import io.neuralbridge.flow.BatchRun;
import io.neuralbridge.flow.Chain;
import io.neuralbridge.flow.Workflow;
import io.neuralbridge.flow.WorkflowRun;
import io.neuralbridge.jdbc.JdbcBackend;
import io.neuralbridge.job.BulkResult;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobFilter;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Keyring;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.job.Page;
import io.neuralbridge.job.Paging;
import io.neuralbridge.job.Unique;
import io.neuralbridge.queue.QueueLimits;
import io.neuralbridge.queue.RateLimit;
import io.neuralbridge.retry.Recovery;
import io.neuralbridge.retry.RecoveryRule;
import io.neuralbridge.retry.RetryPolicy;
import io.neuralbridge.schedule.MisfirePolicy;
import io.neuralbridge.schedule.Recurring;
import io.neuralbridge.schedule.Schedule;
import io.neuralbridge.testing.TestBridge;
import io.neuralbridge.worker.ChunkLimits;
import io.neuralbridge.worker.ChunkWorker;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.Worker;
import io.neuralbridge.worker.WorkerOptions;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs what docs/jobs.md shows, and holds it to what is run. */
class JobsGuideTest {

  private static final Path GUIDE = Path.of("../docs/jobs.md");
  private static final Path SOURCE =
      Path.of("src/test/java/io/neuralbridge/examples/JobsGuideTest.java");

  private final List<String> sent = new CopyOnWriteArrayList<>();
  private final TestBridge bridge = TestBridge.of(this::setUp);
  private final NeuralBridge jobs = bridge.jobs();

  // guide:begin
  record Mail(String to, String subject) {}

  static final JobType<Mail> SEND =
      JobType.of("send_mail", Mail.class)
          .withQueue("api_calls")
          .withPriority(3) // 0 first, 9 last
          .withMaxAttempts(5);

  static class Sender implements Worker<Mail> {
    private final List<String> outbox;

    Sender(List<String> outbox) {
      this.outbox = outbox;
    }

    @Override
    public JobType<Mail> type() {
      return SEND;
    }

    @Override
    public WorkerOptions options() {
      return WorkerOptions.defaults()
          .withTimeout(Duration.ofSeconds(30))
          .withRetryPolicy(
              RetryPolicy.defaults()
                  .withBackoff(Duration.ofSeconds(1), 2, Duration.ofMinutes(10))
                  .withNonRetryable(IllegalArgumentException.class));
    }

    @Override
    public Outcome work(JobContext<Mail> context) throws Exception {
      Mail mail = context.args();
      if (mail.to().isEmpty()) {
        return Outcome.cancelled("nobody to send it to"); // final, no retry
      }
      if (mail.subject().equals("not before noon")) {
        return Outcome.snoozed(Duration.ofHours(1)); // costs no attempt
      }
      outbox.add(mail.to()); // an exception here would be retried
      return Outcome.completed("sent to " + mail.to()); // any JSON value
    }
  }

  // guide:end

  // guide:begin
  record Text(String model, String text) {}

  static final JobType<Text> INDEX =
      JobType.of("index_text", Text.class).withQueue("embeddings").withEncryptedArgs();

  static class Indexer implements ChunkWorker<Text> {
    @Override
    public JobType<Text> type() {
      return INDEX;
    }

    @Override
    public WorkerOptions options() {
      return WorkerOptions.defaults().withMemory(50_000_000); // bytes a job, for the queue's budget
    }

    @Override
    public ChunkLimits chunkLimits() {
      return new ChunkLimits(64, Duration.ofMillis(200)); // up to 64 jobs, or what came in 200 ms
    }

    @Override
    public Function<Text, String> chunkBy() {
      return Text::model; // what the jobs of one call have in common
    }

    @Override
    public Map<Long, Outcome> workAll(List<JobContext<Text>> texts) {
      Map<Long, Outcome> outcomes = new HashMap<>();
      for (JobContext<Text> text : texts) {
        text.progress(0.5, "half way"); // seen from any node: jobs.progress(id)
        text.log("one of " + texts.size()); // jobs.log(id)
        outcomes.put(text.job().id(), Outcome.completed()); // each for itself
      }
      return outcomes;
    }
  }

  // guide:end

  private void setUp(Builder builder) {
    builder.worker(new Sender(sent)).worker(new Step("load")).worker(new Step("sum"));
    builder.recoveryRule(
        // guide:begin
        RecoveryRule.on(HttpTimeoutException.class, Recovery.later(Duration.ofMinutes(5)))
            .forKind("send_mail")
        // guide:end
        );
    // guide:begin
    builder
        .queue("api_calls", 20) // of this node
        .queue(
            "embeddings",
            QueueOptions.waiting(5)
                .withLimits(
                    QueueLimits.NONE
                        .withMaxRunning(40) // of all nodes together
                        .withMaxRunningPerKey(2) // of each tenant; they take turns
                        .withRate(RateLimit.perMinute(3_000)))); // a token bucket for all nodes
    // guide:end
    byte[] key = new byte[32];
    // guide:begin
    builder
        .worker(new Indexer())
        .queue("embeddings", QueueOptions.waiting(50).withMemory(200_000_000)) // four at once
        .encryption(Keyring.of("2026-11", key)) // .withOther("2026-05", oldKey) while it is in use
        .interceptor(
            (context, work) -> {
              long begun = System.nanoTime();
              try {
                return work.proceed();
              } finally {
                context.log("took " + Duration.ofNanos(System.nanoTime() - begun));
              }
            });
    // guide:end
    // guide:begin
    builder.recurring(
        Recurring.of(
                "morning-mail",
                Schedule.parse("0 7 * * MON-FRI", ZoneId.of("Europe/Berlin")),
                SEND.request(new Mail("team@example.org", "good morning")))
            .withMisfire(MisfirePolicy.SKIP)); // what to do about missed times
    // guide:end
    // guide:begin
    builder
        .retention(
            Retention.of(Duration.ofDays(7))
                .forState(JobState.DISCARDED, Duration.ofDays(90))
                .forKind("send_mail", Duration.ofDays(1)))
        .archive(old -> old.forEach(this::keep)); // before they are deleted
    // guide:end
  }

  private void keep(Object job) {
    assertThat(job).isNotNull();
  }

  /** A step of a workflow. */
  private record Step(JobType<Integer> type) implements Worker<Integer> {

    Step(String kind) {
      this(JobType.of(kind, Integer.class));
    }

    @Override
    public Outcome work(JobContext<Integer> context) {
      if (type.kind().equals("load")) {
        return Outcome.completed(context.args());
      }
      // guide:begin
      WorkflowRun run = WorkflowRun.of(context);
      int sum = 0;
      for (int part : run.results("part", Integer.class).values()) {
        sum += part;
      }
      return Outcome.completed(sum);
      // guide:end
    }
  }

  @AfterEach
  void close() {
    bridge.close();
  }

  @Test
  void inserts() {
    // guide:begin
    Job job =
        jobs.enqueue(
            SEND.request(new Mail("ada@example.org", "hello"))
                .in(Duration.ofMinutes(5)) // or at(instant)
                .withTags("newsletter")
                .withKey("tenant 7")); // for limits and fair turns
    long stored =
        jobs.enqueueAll(
                IntStream.range(0, 5_000)
                    .mapToObj(
                        i -> SEND.request(new Mail("user" + i, "hello")))) // a stream of any length
            .stored();
    // guide:end
    assertThat(job.state()).isEqualTo(JobState.SCHEDULED);
    assertThat(stored).isEqualTo(5_000);
  }

  @Test
  void insertsInTheCallersTransaction() throws Exception {
    JdbcConnectionPool dataSource = JdbcConnectionPool.create("jdbc:h2:mem:guide", "sa", "");
    try (JdbcBackend backend = JdbcBackend.of(dataSource);
        NeuralBridge jobs = NeuralBridge.builder().store(backend.queue()).build()) {
      Mail mail = new Mail("ada@example.org", "welcome");
      // guide:begin
      try (Connection connection = dataSource.getConnection()) {
        connection.setAutoCommit(false);
        // … your own statements
        jobs.using(backend.inTransaction(connection)).enqueue(SEND.request(mail));
        connection.commit(); // only now there is a job
      }
      jobs.wake("api_calls"); // else the next poll finds it
      // guide:end
      assertThat(jobs.counts()).containsEntry(JobState.AVAILABLE, 1L);
    }
    dataSource.dispose();
  }

  @Test
  void uniqueJobs() {
    // guide:begin
    JobType<Mail> once =
        SEND.withUnique(
            Unique.byArgs("to")
                .within(Duration.ofHours(1))
                .replacing(Unique.Field.ARGS)); // the waiting job gets the newer subject
    Job first = jobs.enqueue(once.request(new Mail("ada@example.org", "1 comment")));
    Job second = jobs.enqueue(once.request(new Mail("ada@example.org", "2 comments")));
    // guide:end
    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.existing()).isTrue();
    assertThat(bridge.args(SEND)).containsExactly(new Mail("ada@example.org", "2 comments"));
  }

  @Test
  void awaits() {
    Job job = jobs.enqueue(SEND.request(new Mail("ada@example.org", "hello")));
    // guide:begin
    CompletableFuture<String> result =
        jobs.await(job.id()) // holds no thread, whichever process runs the job
            .thenApply(ended -> ended.result(String.class));
    // guide:end
    bridge.drain();
    assertThat(result).succeedsWithin(Duration.ofSeconds(20)).isEqualTo("sent to ada@example.org");
  }

  @Test
  void workflows() {
    JobType<Integer> load = JobType.of("load", Integer.class);
    JobType<Integer> sum = JobType.of("sum", Integer.class);
    // guide:begin
    WorkflowRun run =
        Workflow.named("report")
            .addAll("part", List.of(load.request(1), load.request(2), load.request(3)))
            .add("sum", sum.request(0), after("part")) // when all parts have completed
            .add("mail", SEND.request(new Mail("boss@example.org", "report")), after("sum"))
            .enqueue(jobs);
    // guide:end
    bridge.drain();
    assertThat(run.result("sum", Integer.class)).contains(6);
    assertThat(sent).containsExactly("boss@example.org");
    assertThat(run.toMermaid()).contains("sum");
  }

  @Test
  void batchesAndChains() {
    Stream<String> addresses = Stream.of("ada", "eve");
    // guide:begin
    BatchRun batch =
        Batch.named("newsletter")
            .addAll(addresses.map(to -> SEND.request(new Mail(to, "news"))))
            .onFinished(SEND.request(new Mail("boss@example.org", "all sent")))
            .enqueue(jobs);
    Chain account = Chain.of("account 7"); // one after the other, in the order of enqueuing
    account.enqueue(jobs, SEND.request(new Mail("ada", "first")));
    account.enqueue(jobs, SEND.request(new Mail("ada", "second")));
    // guide:end
    bridge.drain();
    assertThat(batch.progress().flow().finishedAt()).isNotNull();
    assertThat(sent).contains("boss@example.org").hasSize(5);
  }

  @Test
  void recurringJobs() {
    // guide:begin
    jobs.schedule().pause("morning-mail"); // stays so over restarts
    jobs.schedule()
        .put(
            Recurring.of(
                "hourly",
                Schedule.every(Duration.ofHours(1)),
                SEND.request(new Mail("ada", "hi"))));
    jobs.schedule().runNow("hourly");
    // guide:end
    bridge.drain();
    assertThat(sent).containsExactly("ada");
  }

  @Test
  void queuesAtRunTime() {
    // guide:begin
    jobs.queues().scale("api_calls", 50); // on every node, and stored
    jobs.queues().onThisNode().pause("embeddings");
    jobs.queues().limit("embeddings", QueueLimits.NONE.withRate(RateLimit.perMinute(500)));
    // guide:end
    assertThat(jobs.queues().status()).isNotEmpty();
  }

  @Test
  void queries() {
    jobs.enqueue(SEND.request(new Mail("", "x")));
    bridge.drain();
    // guide:begin
    JobFilter failed =
        JobFilter.all().withKinds("send_mail").withStates(JobState.DISCARDED, JobState.CANCELLED);
    Page<Job> page = jobs.select(failed).page(Paging.newest(50)); // page.next() goes on
    BulkResult retried = jobs.select(failed).retry(); // also cancel, delete, edit, reprioritise
    // guide:end
    assertThat(page.items()).hasSize(1);
    assertThat(retried.changed()).isEqualTo(1);
  }

  @Test
  void chunks() {
    jobs.enqueueAll(Stream.of("a", "b").map(text -> INDEX.request(new Text("m", text))).toList());

    List<Job> ran = bridge.drain().jobs();

    assertThat(ran).extracting(Job::state).containsOnly(JobState.COMPLETED).hasSize(2);
    assertThat(jobs.progress(ran.get(0).id())).isPresent();
    assertThat(jobs.log(ran.get(0).id()).lines())
        .extracting(line -> line.text().split(" ", 2)[0])
        .containsExactly("one", "took");
  }

  @Test
  void tests() {
    // guide:begin
    try (TestBridge test = TestBridge.of(new Sender(sent))) {
      test.jobs().enqueue(SEND.request(new Mail("ada", "hello")).in(Duration.ofDays(1)));

      assertThat(test.args(SEND)).containsExactly(new Mail("ada", "hello"));
      test.advance(Duration.ofDays(1)); // runs each job when it is due
      assertThat(sent).containsExactly("ada");
    }
    // guide:end
  }

  @Test
  void theGuideShowsExactlyThisCode() throws IOException {
    List<String> shown = matches("(?s)```java\n(.*?)```", Files.readString(GUIDE));
    List<String> run =
        matches("(?s)// guide:begin\n(.*?)\n *// guide:end", Files.readString(SOURCE)).stream()
            .map(code -> code.stripTrailing().stripIndent() + "\n")
            .toList();

    assertThat(run).hasSizeGreaterThan(10);
    assertThat(shown).containsExactlyInAnyOrderElementsOf(run);
  }

  private static List<String> matches(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    return matcher.results().map(found -> found.group(1)).toList();
  }
}
