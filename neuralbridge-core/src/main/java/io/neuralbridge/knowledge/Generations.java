package io.neuralbridge.knowledge;

import io.neuralbridge.job.Job;
import io.neuralbridge.knowledge.Generation.State;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What an operator may do with generations, on any node. Methods that lose against another node, or
 * find nothing to do, say {@code false}. Safe for use by many threads.
 */
public final class Generations {

  private final KnowledgeStore store;
  private final GenerationModels models;
  private final ReprocessJobs jobs;

  Generations(KnowledgeBase knowledge, ReprocessJobs jobs) {
    this.store = knowledge.store();
    this.models = knowledge.models();
    this.jobs = jobs;
  }

  /** All that are not deleted, oldest first. */
  public List<Generation> all() {
    return store.generations().all();
  }

  /** How far the building of a generation is; empty if none is being built. */
  public Optional<GenerationProgress> progress() {
    return store
        .generations()
        .building()
        .map(building -> GenerationProgress.of(store.ledger(), building));
  }

  /** Lets building stand still, on all nodes, until {@link #resume}: requests under way end. */
  public boolean pause() {
    return setPaused(true).isPresent();
  }

  /** Goes on with building. */
  public boolean resume() {
    Optional<Generation> resumed = setPaused(false);
    resumed.ifPresent(jobs::hurry);
    return resumed.isPresent();
  }

  private Optional<Generation> setPaused(boolean paused) {
    GenerationStore generations = store.generations();
    return generations.building().filter(one -> generations.setPaused(one.id(), paused));
  }

  /** Gives up the generation that is being built; it is deleted a minute later. */
  public boolean cancel() {
    GenerationStore generations = store.generations();
    boolean cancelled =
        generations.building().filter(one -> generations.cancel(one.id())).isPresent();
    if (cancelled) {
      jobs.collect(generations.all());
    }
    return cancelled;
  }

  /**
   * Makes the generation that is being built active now, whatever it lacks and whatever a
   * verification says. Its job goes on with what is lacking.
   */
  public boolean activate() {
    GenerationStore generations = store.generations();
    Optional<Generation> activated =
        generations.building().filter(one -> generations.activate(one.id()));
    activated.ifPresent(one -> jobs.build(one, false));
    return activated.isPresent();
  }

  /**
   * Goes back to the generation that was active before: at once if it lacks nothing, else as soon
   * as it has what came meanwhile. The one that is active now is kept as long as any retired one.
   *
   * @return the job that sees to it
   * @throws GenerationException if there is none to go back to ({@code no_generation}), another one
   *     is being built ({@code generation_building}), or what came meanwhile cannot be embedded
   *     because the model is not here ({@code embedding_model_missing})
   */
  public Job rollback() {
    GenerationStore generations = store.generations();
    Generation previous =
        generations.all().stream()
            .filter(one -> one.state() == State.RETIRED && one.activatedAt() != null)
            .max(Comparator.comparing(one -> Objects.requireNonNull(one.retiredAt())))
            .orElseThrow(GenerationException::noneToGoBackTo);
    boolean whole = isWhole(previous);
    if (!whole) {
      models.of(previous);
    }
    if (!generations.reopen(previous.id())) {
      throw generations
          .building()
          .map(GenerationException::busy)
          .orElseGet(GenerationException::noneToGoBackTo);
    }
    if (whole) {
      generations.activate(previous.id());
    }
    return jobs.build(previous, false);
  }

  private boolean isWhole(Generation generation) {
    return store.ledger().pendingDocuments(generation.id(), "", null, 1).isEmpty();
  }
}
