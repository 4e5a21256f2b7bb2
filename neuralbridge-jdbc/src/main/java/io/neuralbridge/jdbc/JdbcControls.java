package io.neuralbridge.jdbc;

import io.neuralbridge.queue.QueueControls;
import io.neuralbridge.queue.QueueLimits;
import io.neuralbridge.queue.QueueSettings;
import io.neuralbridge.queue.QueueStatus;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** {@link QueueControls} in a database; those who change several queues lock them by name. */
final class JdbcControls implements QueueControls {

  private final Database database;

  JdbcControls(Database database) {
    this.database = database;
  }

  @Override
  public void change(Set<String> queues, @Nullable String node, QueueSettings settings) {
    run(
        session ->
            new TreeSet<>(queues)
                .forEach(queue -> ControlsStatements.change(session, queue, node, settings)));
  }

  @Override
  public void limit(String queue, QueueLimits limits) {
    run(session -> ControlsStatements.limit(session, queue, limits));
  }

  @Override
  public void reset(String queue) {
    run(session -> ControlsStatements.reset(session, queue));
  }

  @Override
  public void declare(Map<String, QueueLimits> limits) {
    run(
        session ->
            new TreeMap<>(limits)
                .forEach(
                    (queue, declared) -> ControlsStatements.declare(session, queue, declared)));
  }

  private void run(Consumer<Session> work) {
    database.runGuarded(
        session -> {
          work.accept(session);
          return true;
        });
  }

  @Override
  public void publish(long node, Map<String, Integer> nodeLimits) {
    database.runRepeatableDeferred(session -> StatusStatements.publish(session, node, nodeLimits));
  }

  @Override
  public List<QueueStatus> status() {
    return database.run(StatusStatements::all);
  }

  @Override
  public int running(@Nullable String queue, @Nullable String node) {
    return database.run(session -> StatusStatements.running(session, queue, node));
  }
}
