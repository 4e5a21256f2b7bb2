package io.neuralbridge.jdbc;

import io.neuralbridge.job.Flow;
import io.neuralbridge.job.FlowJob;
import io.neuralbridge.job.FlowLink;
import io.neuralbridge.job.FlowRef;
import io.neuralbridge.job.FlowStore;
import java.util.List;
import java.util.Optional;

/** The flows of jobs in a database: every call is one transaction. */
final class JdbcFlowStore implements FlowStore {

  private final Database database;

  JdbcFlowStore(Database database) {
    this.database = database;
  }

  @Override
  public long start(FlowRef.Fresh flow) {
    return database.run(session -> FlowStatements.start(session, flow));
  }

  @Override
  public Optional<Flow> find(long flow) {
    return database.run(session -> FlowReads.find(session, flow));
  }

  @Override
  public List<FlowJob> jobs(long flow, Which which, long after, int limit) {
    return database.run(session -> FlowReads.jobs(session, flow, which, after, limit));
  }

  @Override
  public List<NamedJob> named(long flow, String name, long after, int limit) {
    return database.run(session -> FlowReads.named(session, flow, name, after, limit));
  }

  @Override
  public List<FlowLink> links(long flow) {
    return database.run(session -> FlowReads.links(session, flow));
  }

  @Override
  public boolean seal(long flow) {
    return database.runGuarded(session -> FlowStatements.seal(session, flow));
  }
}
