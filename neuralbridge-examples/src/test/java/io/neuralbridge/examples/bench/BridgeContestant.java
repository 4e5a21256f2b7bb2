package io.neuralbridge.examples.bench;

import io.neuralbridge.Builder;
import io.neuralbridge.NeuralBridge;
import io.neuralbridge.event.JobEvent;
import io.neuralbridge.jdbc.JdbcBackend;
import io.neuralbridge.jdbc.JdbcBackend.Migration;
import io.neuralbridge.job.JobRequest;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.Worker;
import java.util.List;
import java.util.stream.LongStream;
import javax.sql.DataSource;

/** NeuralBridge as its users see it, with its defaults; it keeps a history of what ended. */
final class BridgeContestant implements QueueContestant {

  static final String NAME = "NeuralBridge";

  /** What a job is given. */
  record Numbered(long number) {}

  private static final String QUEUE = "bench";
  private static final JobType<Numbered> TYPE =
      JobType.of("numbered", Numbered.class).withQueue(QUEUE);

  private final JdbcBackend backend;
  private final NeuralBridge client;

  BridgeContestant(DataSource dataSource) {
    backend = JdbcBackend.of(dataSource, Migration.NONE);
    client = builder().build();
  }

  private Builder builder() {
    return NeuralBridge.builder()
        .store(backend.queue())
        .withoutQueues()
        .queue(QUEUE, QueueContestant.WORKERS);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<String> tables() {
    return List.of("nb_job", "nb_job_args", "nb_job_error", "nb_job_history", "nb_node");
  }

  @Override
  public void insert(int jobs) {
    client.enqueueAll(LongStream.range(0, jobs).mapToObj(BridgeContestant::request).toList());
  }

  @Override
  public void insertOne(long number) {
    client.enqueue(request(number));
  }

  private static JobRequest<Numbered> request(long number) {
    return TYPE.request(new Numbered(number));
  }

  @Override
  public AutoCloseable work(Handler handler) {
    return builder()
        .worker(new Noting(handler))
        .listener(
            event -> {
              if (event instanceof JobEvent.Settled settled
                  && settled.state() == JobState.COMPLETED) {
                handler.finished(1);
              }
            })
        .build()
        .start();
  }

  private record Noting(Handler handler) implements Worker<Numbered> {
    @Override
    public JobType<Numbered> type() {
      return TYPE;
    }

    @Override
    public Outcome work(JobContext<Numbered> context) {
      handler.started(context.args().number());
      return Outcome.completed();
    }
  }

  @Override
  public void close() {
    client.close();
    backend.close();
  }
}
