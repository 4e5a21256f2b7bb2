package io.neuralbridge;

import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.retry.RetryPolicy;
import io.neuralbridge.worker.ChunkLimits;
import io.neuralbridge.worker.ChunkWorker;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.WorkerOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A chunk worker from a lambda, which retries at once and remembers what each call got. */
record ChunkTestWorker(
    WorkerOptions options,
    ChunkLimits chunkLimits,
    Function<String, ?> chunkBy,
    Work work,
    List<List<String>> calls)
    implements ChunkWorker<String> {

  static final JobType<String> CHUNKED = JobType.of("chunked", String.class).withMaxAttempts(2);

  interface Work {
    Map<Long, Outcome> run(List<JobContext<String>> contexts) throws Exception;
  }

  static ChunkTestWorker of(int most, Duration longest, Work work) {
    return new ChunkTestWorker(
        WorkerOptions.defaults().withRetryPolicy(RetryPolicy.fixed(Duration.ZERO)),
        new ChunkLimits(most, longest),
        args -> "",
        work,
        new CopyOnWriteArrayList<>());
  }

  ChunkTestWorker by(Function<String, ?> chunkBy) {
    return new ChunkTestWorker(options, chunkLimits, chunkBy, work, calls);
  }

  ChunkTestWorker with(WorkerOptions options) {
    return new ChunkTestWorker(options, chunkLimits, chunkBy, work, calls);
  }

  /** Completes each job with its arguments. */
  static Map<Long, Outcome> completeAll(List<JobContext<String>> contexts) {
    Map<Long, Outcome> outcomes = new HashMap<>();
    contexts.forEach(c -> outcomes.put(c.job().id(), Outcome.completed("did " + c.args())));
    return outcomes;
  }

  @Override
  public JobType<String> type() {
    return CHUNKED;
  }

  @Override
  public Map<Long, Outcome> workAll(List<JobContext<String>> contexts) throws Exception {
    calls.add(contexts.stream().map(JobContext::args).sorted().toList());
    return work.run(contexts);
  }
}
