package io.neuralbridge.knowledge;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobClient;
import io.neuralbridge.job.JobFilter;
import io.neuralbridge.job.JobOrder;
import io.neuralbridge.job.JobRequest;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Unique;
import io.neuralbridge.job.Unique.Scope;
import io.neuralbridge.knowledge.EmbedJob.CollectArgs;
import io.neuralbridge.knowledge.EmbedJob.DocumentArgs;
import io.neuralbridge.knowledge.EmbedJob.RangeArgs;
import io.neuralbridge.knowledge.EmbedJob.ReprocessArgs;
import io.neuralbridge.knowledge.Generation.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The jobs that build a generation and delete it again. Each is enqueued once at a time. */
final class ReprocessJobs {

  private static final String GENERATION = "generation";

  /** Behind new documents, which somebody waits for. */
  private static final int PRIORITY = 5;

  private static final int DOCUMENTS_AT_ONCE = 500;

  /** Long enough for a request that is under way when its generation is cancelled. */
  private static final Duration WHILE_IN_FLIGHT = Duration.ofMinutes(1);

  private static final JobState[] WAITING = {
    JobState.AVAILABLE, JobState.SCHEDULED, JobState.RETRYABLE
  };

  private final JobClient client;
  private final Duration keepRetired;

  ReprocessJobs(JobClient client, Duration keepRetired) {
    this.client = client;
    this.keepRetired = keepRetired;
  }

  Job build(Generation generation, boolean verify) {
    return client.enqueue(
        marked(
                EmbedJob.REPROCESS_ALL.request(new ReprocessArgs(generation.id(), verify)),
                generation)
            .withUnique(Unique.byArgs(GENERATION).during(Scope.INCOMPLETE)));
  }

  void enqueue(RangeArgs range) {
    client.enqueue(
        EmbedJob.RANGE
            .request(range)
            .withMeta(Map.of(GENERATION, String.valueOf(range.generation())))
            .withPriority(PRIORITY)
            .withUnique(Unique.byArgs().during(Scope.WAITING)));
  }

  private static <A> JobRequest<A> marked(JobRequest<A> request, Generation generation) {
    return request.withMeta(Map.of(GENERATION, String.valueOf(generation.id())));
  }

  /** Whether range jobs of a generation wait or run. */
  boolean areUnderWay(Generation generation) {
    return isAny(of(generation, EmbedJob.RANGE.kind()).withStates(WAITING))
        || isAny(of(generation, EmbedJob.RANGE.kind()).withStates(JobState.EXECUTING));
  }

  private static JobFilter of(Generation generation, String... kinds) {
    return JobFilter.all().withKinds(kinds).withMeta(GENERATION, String.valueOf(generation.id()));
  }

  private boolean isAny(JobFilter filter) {
    try (Stream<Job> jobs = client.select(filter).stream(JobOrder.NEWEST)) {
      return jobs.findFirst().isPresent();
    }
  }

  /** Lets jobs go on that found their generation paused. */
  void hurry(Generation generation) {
    client
        .select(
            of(generation, EmbedJob.RANGE.kind(), EmbedJob.REPROCESS_ALL.kind())
                .withStates(JobState.SCHEDULED))
        .retry();
  }

  /** How long a generation is kept after it was retired. */
  Duration keep(Generation retired) {
    return retired.activatedAt() == null ? WHILE_IN_FLIGHT : keepRetired;
  }

  /** Deletes retired generations when their time comes. */
  void collect(List<Generation> generations) {
    for (Generation generation : generations) {
      if (generation.state() == State.RETIRED) {
        client.enqueue(
            marked(EmbedJob.COLLECT.request(new CollectArgs(generation.id())), generation)
                .in(keep(generation))
                .withUnique(Unique.byArgs().during(Scope.INCOMPLETE)));
      }
    }
  }

  /**
   * Deletes old generations later, and embeds what could not be while the old one was active and
   * its model gone.
   */
  void afterSwitch(KnowledgeStore store) {
    collect(store.generations().all());
    List<Document> page = store.documents("", DOCUMENTS_AT_ONCE);
    while (!page.isEmpty()) {
      client.enqueueAll(
          page.stream()
              .filter(document -> document.embeddedAt() == null)
              .map(document -> EmbedJob.DOCUMENT.request(new DocumentArgs(document.name())))
              .map(request -> request.withUnique(Unique.byArgs().during(Scope.WAITING)))
              .toList());
      page = store.documents(page.get(page.size() - 1).name(), DOCUMENTS_AT_ONCE);
    }
  }
}
