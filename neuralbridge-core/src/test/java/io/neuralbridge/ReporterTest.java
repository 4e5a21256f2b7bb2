package io.neuralbridge;

import static io.neuralbridge.TestWorker.TYPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.JobLog;
import io.neuralbridge.job.JobLogLine;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.InMemoryQueue;
import io.neuralbridge.queue.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** What runs tell, without the loop that carries it. */
class ReporterTest {

  private final InMemoryQueue memory = new InMemoryQueue();
  private final FlakyQueue store = new FlakyQueue(memory);
  private final Signals signals = new Signals();
  private final Reporter reporter = new Reporter(store, new Events(List.of(signals)));
  private final long node = store.join("node", Duration.ofMinutes(1));

  private Run run() {
    store.insert(List.of(TYPE.request("x").toNewJob()));
    Lease lease = store.claim(new Claim("default", node, 1)).get(0);
    return new Run(lease, () -> {});
  }

  private RunContext<String> contextOf(Run run) {
    return new RunContext<>(
        run, () -> "x", reporter, new StoreJobClient(store, Intake.PLAIN, awaiter()));
  }

  private Awaiter awaiter() {
    return new Awaiter(store, Duration.ofSeconds(1));
  }

  private static void write(RunContext<String> context, int first, int last) {
    IntStream.rangeClosed(first, last).forEach(i -> context.log("line " + i));
  }

  private static List<String> texts(JobLog log) {
    return log.lines().stream().map(JobLogLine::text).toList();
  }

  @Test
  void manyWordsBetweenTwoRoundsAreOneWrite() {
    Run run = run();
    RunContext<String> context = contextOf(run);
    for (int i = 0; i <= 10_000; i++) {
      context.progress(i / 10_000.0, "step " + i);
    }

    reporter.round();
    reporter.round();

    assertThat(signals.all(JobEvent.Progressed.class))
        .extracting(event -> event.progress().message())
        .containsExactly("step 10000");
    assertThat(store.reports().progress(run.job().id()).orElseThrow().fraction()).isEqualTo(1);
  }

  @Test
  void whileTheStoreIsAwayTheLastLinesAreKeptAndNobodyIsHeldUp() {
    Run run = run();
    RunContext<String> context = contextOf(run);
    write(context, 1, 10);
    reporter.round();
    store.goAway();
    write(context, 11, 500);
    context.progress(0.5, "half");
    assertThatThrownBy(reporter::round).hasMessage("the store is away");
    reporter.writeLast(List.of(run.lease()));
    write(context, 501, 505);
    store.comeBack();

    reporter.round();

    JobLog log = store.reports().log(run.job().id());
    assertThat(log.dropped()).isEqualTo(305);
    assertThat(texts(log)).hasSize(JobLog.MAX_LINES).startsWith("line 306").endsWith("line 505");
    assertThat(store.reports().progress(run.job().id()).orElseThrow().message()).isEqualTo("half");
  }

  @Test
  void aRunThatIsSettledAndWrittenTellsNothingAnyMore() {
    Run run = run();
    RunContext<String> context = contextOf(run);
    context.log("in time");
    run.takeSettlement();
    context.log(Level.WARN, "after it was given up, before that was written");
    reporter.writeLast(List.of(run.lease()));
    reporter.forget(List.of(run.lease()));

    context.log("too late");
    context.progress(1, "too late");
    reporter.round();

    assertThat(texts(store.reports().log(run.job().id())))
        .containsExactly("in time", "after it was given up, before that was written");
    assertThat(store.reports().progress(run.job().id())).isEmpty();
  }

  @Test
  void theLinesOfAllRunsTogetherAreBounded() {
    int each = JobLog.MAX_LINES;
    List<Run> runs = new ArrayList<>();
    for (int i = 0; i <= RunReport.MOST_LINES / each; i++) {
      Run run = run();
      runs.add(run);
      write(contextOf(run), 1, each);
    }
    Run last = runs.get(runs.size() - 1);

    reporter.round();

    assertThat(texts(store.reports().log(runs.get(0).job().id()))).hasSize(each);
    JobLog shortened = store.reports().log(last.job().id());
    assertThat(texts(shortened)).containsExactly("line " + each);
    assertThat(shortened.dropped()).isEqualTo(each - 1);
    write(contextOf(last), 1, each);
    reporter.round();
    assertThat(texts(store.reports().log(last.job().id()))).as("there is room again").hasSize(each);
  }
}
