package io.neuralbridge;

import static io.neuralbridge.ChunkTestWorker.CHUNKED;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.worker.JobContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;

/** Bridges that run jobs in chunks, and a call that lasts until it is released. */
abstract class ChunkTestBase extends EngineTestBase {

  static final Duration T = Duration.ofSeconds(30);

  final CountDownLatch entered = new CountDownLatch(1);
  final CountDownLatch release = new CountDownLatch(1);
  final Instant start = clock.instant();
  List<Job> jobs = List.of();

  @AfterEach
  void releaseCalls() {
    release.countDown();
  }

  Builder chunks(ChunkTestWorker worker) {
    return builder(worker).nanos(() -> Duration.between(start, clock.instant()).toNanos());
  }

  static List<Job> enqueue(NeuralBridge bridge, String... args) {
    return bridge.enqueueAll(Stream.of(args).map(CHUNKED::request).toList());
  }

  List<Job> enqueue(NeuralBridge bridge, int count) {
    return bridge.enqueueAll(
        IntStream.range(0, count).mapToObj(i -> CHUNKED.request("x" + i)).toList());
  }

  NeuralBridge startAndGather(ChunkTestWorker worker, String... args) {
    NeuralBridge bridge = start(chunks(worker));
    jobs = enqueue(bridge, args);
    untilLeased(args.length);
    return bridge;
  }

  /** Works until it is released, or interrupted. */
  Map<Long, Outcome> blocked(List<JobContext<String>> contexts) throws InterruptedException {
    entered.countDown();
    release.await();
    return ChunkTestWorker.completeAll(contexts);
  }

  void untilLeased(int jobs) {
    Signals.until(() -> store.counts().get(JobState.EXECUTING) == jobs);
  }

  List<String> errorCodes(NeuralBridge bridge, Job job) {
    return bridge.errors(job.id()).stream().map(JobError::code).toList();
  }
}
