package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.jdbc.ChaosCluster.Blow;
import io.neuralbridge.jdbc.ChaosStore.Ended;
import io.neuralbridge.jdbc.Ledger.Run;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Judges a queue by what the handlers wrote down, and by what was done to their nodes. */
final class ChaosJudge {

  private static final int COMPLETED = 2;
  private static final Duration RESCUED_WITHIN = Duration.ofSeconds(30);

  private final String seed;
  private final ChaosStore store;
  private final List<Blow> blows;
  private final Map<Long, AtomicInteger> told;
  private final Map<Long, List<Run>> runs;
  private final Map<Long, Ended> ended;

  ChaosJudge(long seed, ChaosStore store, Ledger ledger, ChaosCluster cluster) throws SQLException {
    this.seed = "seed " + seed;
    this.store = store;
    this.blows = cluster.blows();
    this.told = cluster.ended();
    this.runs = ledger.runs();
    this.ended = store.ended();
  }

  /** Nothing lost, nothing stored twice, only what was in flight run again, and in time. */
  void judge(int jobs) {
    assertThat(store.countLive()).as("%s: jobs that never ended", seed).isZero();
    assertThat(ended.values())
        .as("%s: each was stored once", seed)
        .extracting(Ended::number)
        .doesNotHaveDuplicates()
        .hasSize(jobs);
    ended.values().forEach(this::judge);
    blows.forEach(this::judge);
  }

  private void judge(Ended job) {
    List<Run> ofJob = runs.getOrDefault(job.id(), List.of());
    List<Blow> suffered = blows.stream().filter(blow -> blow.leased().contains(job.id())).toList();
    String who = "%s: %s, runs %s, blows %s".formatted(seed, job, ofJob, suffered);
    assertThat(job.state()).as(who).isEqualTo(COMPLETED);
    assertThat(job.attempt()).as("attempts of " + who).isEqualTo(1);
    assertThat(acceptedOf(job, ofJob)).as(who).hasSize(1);
    assertThat(acceptedOf(job, ofJob).get(0).end()).as(who).isNotNull();
    assertThat(ofJob.size() - 1).as("extra runs of " + who).isLessThanOrEqualTo(suffered.size());
    assertThat(job.crashes()).as("crashes of " + who).isLessThanOrEqualTo(suffered.size());
    if (told.containsKey(job.id())) {
      assertThat(told.get(job.id())).as("accepted outcomes of " + who).hasValue(1);
    }
  }

  private static List<Run> acceptedOf(Ended job, List<Run> runs) {
    return runs.stream().filter(run -> run.id().toString().equals(job.run())).toList();
  }

  private void judge(Blow blow) {
    for (long job : blow.leased()) {
      String who = "%s: job %d after %s".formatted(seed, job, blow);
      assertThat(acceptedOf(ended.get(job), begunBefore(blow))).as(who).isEmpty();
      assertThat(Duration.between(blow.at(), nextStart(job, blow.at())))
          .as(who)
          .isLessThan(RESCUED_WITHIN);
    }
  }

  private Instant nextStart(long job, Instant after) {
    return runs.get(job).stream()
        .map(Run::start)
        .filter(start -> start.isAfter(after))
        .findFirst()
        .orElseThrow();
  }

  /** The runs that a node was at when the blow came; all they can say afterwards is refused. */
  private List<Run> begunBefore(Blow blow) {
    return blow.leased().stream()
        .flatMap(job -> runs.getOrDefault(job, List.of()).stream())
        .filter(run -> run.node().equals(blow.node()) && run.start().isBefore(blow.at()))
        .toList();
  }
}
