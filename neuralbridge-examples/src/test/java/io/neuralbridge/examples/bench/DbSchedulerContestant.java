package io.neuralbridge.examples.bench;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * db-scheduler at the settings that its documentation calls best for throughput. The number is the
 * task instance's id, which saves it from serialising data. It deletes what ended.
 */
final class DbSchedulerContestant implements QueueContestant {

  static final String NAME = "db-scheduler";

  private static final int BATCH = 5_000;
  private static final TaskDescriptor<Void> TASK = TaskDescriptor.of("numbered");
  static final String SCHEMA =
      """
      CREATE TABLE scheduled_tasks (
        task_name            text NOT NULL,
        task_instance        text NOT NULL,
        task_data            bytea,
        execution_time       timestamptz NOT NULL,
        picked               boolean NOT NULL,
        picked_by            text,
        last_success         timestamptz,
        last_failure         timestamptz,
        consecutive_failures int,
        last_heartbeat       timestamptz,
        version              bigint NOT NULL,
        priority             smallint,
        PRIMARY KEY (task_name, task_instance));
      CREATE INDEX execution_time_idx ON scheduled_tasks (execution_time);
      CREATE INDEX last_heartbeat_idx ON scheduled_tasks (last_heartbeat);
      """;

  private final DataSource dataSource;
  private final SchedulerClient client;

  DbSchedulerContestant(DataSource dataSource) {
    this.dataSource = dataSource;
    client = SchedulerClient.Builder.create(dataSource).build();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<String> tables() {
    return List.of("scheduled_tasks");
  }

  @Override
  public void insert(int jobs) {
    Instant now = Instant.now();
    for (int from = 0; from < jobs; from += BATCH) {
      List<TaskInstance<?>> batch = new ArrayList<>();
      for (int i = from; i < Math.min(from + BATCH, jobs); i++) {
        batch.add(instance(i));
      }
      client.scheduleBatch(batch, now);
    }
  }

  @Override
  public void insertOne(long number) {
    client.scheduleIfNotExists(instance(number), Instant.now());
  }

  private static TaskInstance<Void> instance(long number) {
    return TASK.instance(Long.toString(number)).build();
  }

  @Override
  public AutoCloseable work(Handler handler) {
    Scheduler scheduler =
        Scheduler.create(
                dataSource,
                Tasks.oneTime(TASK)
                    .execute(
                        (instance, context) -> handler.started(Long.parseLong(instance.getId()))))
            .threads(WORKERS)
            .pollingInterval(Duration.ofMillis(50))
            .pollUsingLockAndFetch(1.0, 4.0)
            .enableImmediateExecution()
            .addSchedulerListener(new Finished(handler))
            .build();
    scheduler.start();
    return scheduler::stop;
  }

  private static final class Finished extends AbstractSchedulerListener {
    private final Handler handler;

    Finished(Handler handler) {
      this.handler = handler;
    }

    @Override
    public void onExecutionComplete(ExecutionComplete execution) {
      handler.finished(1);
    }
  }

  @Override
  public void close() {
    // The data source is the caller's, and a client has nothing else.
  }
}
