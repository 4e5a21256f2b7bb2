package io.neuralbridge.jdbc;

import io.neuralbridge.knowledge.Generation;
import io.neuralbridge.knowledge.Generation.State;
import io.neuralbridge.knowledge.GenerationStore;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Generations in a database: every verb is one transaction. */
final class JdbcGenerations implements GenerationStore {

  private final Database database;

  JdbcGenerations(Database database) {
    this.database = database;
  }

  @Override
  public List<Generation> all() {
    return database.runRepeatable(GenerationStatements::all);
  }

  @Override
  public Generation activeOrNew(String modelId, int dimensions) {
    return active().orElseGet(() -> findOrCreate(State.ACTIVE, modelId, dimensions));
  }

  @Override
  public Generation buildingOrNew(String modelId, int dimensions) {
    return findOrCreate(State.BUILDING, modelId, dimensions);
  }

  // Of two that create, one violates the state's uniqueness; it is repeated, and finds the other's.
  private Generation findOrCreate(State state, String modelId, int dimensions) {
    return database.run(
        session ->
            GenerationStatements.find(session, state)
                .orElseGet(() -> GenerationStatements.create(session, state, modelId, dimensions)));
  }

  @Override
  public boolean activate(long id) {
    return database.run(session -> GenerationStatements.activate(session, id));
  }

  @Override
  public boolean reopen(long id) {
    return database.run(session -> GenerationStatements.reopen(session, id));
  }

  @Override
  public boolean cancel(long id) {
    return database.run(session -> GenerationStatements.cancel(session, id));
  }

  @Override
  public boolean setPaused(long id, boolean paused) {
    return database.run(session -> GenerationStatements.setPaused(session, id, paused));
  }

  @Override
  public void setError(long id, @Nullable String error) {
    database.run(session -> GenerationStatements.setError(session, id, error));
  }

  @Override
  public Optional<Walk> walk(long id) {
    return database.run(session -> GenerationStatements.walk(session, id));
  }

  @Override
  public void saveWalk(long id, Walk walk) {
    database.run(session -> GenerationStatements.saveWalk(session, id, walk));
  }

  @Override
  public boolean forget(long id) {
    return database.run(session -> GenerationStatements.forget(session, id));
  }
}
