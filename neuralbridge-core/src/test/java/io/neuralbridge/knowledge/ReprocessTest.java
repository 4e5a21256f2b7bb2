package io.neuralbridge.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobFilter;
import io.neuralbridge.job.JobOrder;
import io.neuralbridge.job.JobState;
import io.neuralbridge.knowledge.Generation.State;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A model is replaced while people search and documents arrive. */
class ReprocessTest {

  private static final Duration DAY = Duration.ofHours(24);

  private final ReprocessLab lab = new ReprocessLab();

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void everythingIsEmbeddedByTheNewModelOnceAndSearchesChangeOver() {
    lab.embed("a.txt", "zebras", "quails", "foxes");
    lab.embed("b.txt", "ants");
    Generation old = lab.active();
    lab.deployNewModel(job -> job);

    Job job = lab.embedJob.enqueueReprocessAll();
    assertThat(lab.knowledge.search("foxes", 1)).as("by the old").hasSize(1);
    assertThat(lab.await(job).state()).isEqualTo(JobState.COMPLETED);

    assertThat(lab.newModel.embedded()).hasSize(4).doesNotHaveDuplicates();
    assertThat(lab.active().modelId()).isEqualTo("new");
    assertThat(lab.vectorsOf(lab.active())).isEqualTo(4);
    assertThat(lab.knowledge.search("This paragraph is about foxes.", 1).get(0).position())
        .isEqualTo(2);
    assertThat(lab.knowledge.stats().pending()).isZero();
    assertThat(lab.vectorsOf(old)).as("kept for a while").isEqualTo(4);

    lab.advance(DAY.plusMinutes(1));

    assertThat(lab.vectors.collections()).containsExactly(lab.active().collection());
    assertThat(lab.knowledge.generations()).hasSize(1);
  }

  @Test
  void documentsThatArriveMeanwhileAreEmbeddedIntoBoth() {
    lab.embed("a.txt", "zebras");
    lab.deployNewModel(job -> job);
    Job job = lab.embedJob.enqueueReprocessAll();
    lab.embedJob.generations().pause();
    lab.bridge.drain();
    assertThat(lab.newModel.embedded()).isEmpty();
    lab.embedJob.generations().resume();

    lab.embed("b.txt", "quails");
    lab.ingest("a.txt", "zebras", "foxes");
    lab.embedJob.enqueueDocumentBatch("a.txt");
    lab.bridge.drain();

    assertThat(lab.oldModel.embedded()).as("new chunks").hasSize(3);
    assertThat(lab.await(job).state()).isEqualTo(JobState.COMPLETED);
    assertThat(lab.newModel.embedded()).hasSize(3).doesNotHaveDuplicates();
    assertThat(lab.vectorsOf(lab.active())).isEqualTo(3);
  }

  @Test
  void whileItIsPausedNobodyWorksAndNoAttemptIsSpent() {
    lab.embed("a.txt", "zebras");
    lab.deployNewModel(job -> job);
    Job job = lab.embedJob.enqueueReprocessAll();

    assertThat(lab.embedJob.generations().pause()).isTrue();
    lab.advance(Duration.ofHours(1));
    assertThat(lab.newModel.embedded()).isEmpty();
    assertThat(lab.bridge.jobs().find(job.id()).orElseThrow().attempt()).isZero();
    assertThat(lab.active().modelId()).isEqualTo("old");

    assertThat(lab.embedJob.generations().resume()).isTrue();
    lab.await(job);
    assertThat(lab.active().modelId()).isEqualTo("new");
  }

  @Test
  void anotherStartFindsWhatIsBeingBuilt() {
    lab.embed("a.txt", "zebras");
    lab.deployNewModel(job -> job);

    Job first = lab.embedJob.enqueueReprocessAll();
    Job second = lab.embedJob.enqueueReprocessAll();

    assertThat(second.existing()).isTrue();
    assertThat(second.id()).isEqualTo(first.id());
    assertThat(lab.knowledge.generations()).hasSize(2);
  }

  @Test
  void theSameModelAgainIsANewGenerationToo() {
    lab.embed("a.txt", "zebras", "quails");

    lab.await(lab.embedJob.enqueueReprocessAll());

    assertThat(lab.oldModel.embedded()).hasSize(4);
    assertThat(lab.active().id()).isEqualTo(2);
    assertThat(lab.vectorsOf(lab.active())).isEqualTo(2);
  }

  @Test
  void whereNothingIsEmbeddedYetItIsEmbeddedOnce() {
    lab.ingest("a.txt", "zebras", "quails");

    assertThat(lab.await(lab.embedJob.enqueueReprocessAll()).state()).isEqualTo(JobState.COMPLETED);

    assertThat(lab.oldModel.embedded()).hasSize(2);
    assertThat(lab.knowledge.generations()).hasSize(1);
    assertThat(lab.knowledge.stats().pending()).isZero();
  }

  @Test
  void manyDocumentsAreEnqueuedByRangesAndFillRequests() {
    IntStream.range(0, 250).forEach(i -> lab.ingest("doc-%03d".formatted(i), "number " + i));
    lab.await(lab.embedJob.enqueueReprocessAll());
    lab.deployNewModel(job -> job);

    Job job = lab.embedJob.enqueueReprocessAll();
    lab.bridge.drain();

    assertThat(ranges()).hasSize(3);
    lab.await(job);
    assertThat(lab.newModel.embedded()).hasSize(250).doesNotHaveDuplicates();
    assertThat(lab.newModel.calls.get()).as("queries included").isLessThan(63 + 40);
  }

  private List<Job> ranges() {
    JobFilter ranges = JobFilter.all().withKinds("embedding.range");
    try (var jobs = lab.bridge.jobs().select(ranges).stream(JobOrder.NEWEST)) {
      return jobs.toList();
    }
  }

  @Test
  void aTextThatTheNewModelRefusesHoldsUpTheSwitchAndSaysSo() {
    lab.embed("a.txt", "zebras", "quails");
    lab.newModel.refuse(text -> text.contains("quails"));
    lab.deployNewModel(job -> job);

    Job job = lab.await(lab.embedJob.enqueueReprocessAll());

    assertThat(job.state()).isEqualTo(JobState.DISCARDED);
    assertThat(lab.bridge.jobs().errors(job.id()))
        .last()
        .satisfies(error -> assertThat(error.code()).isEqualTo("generation_not_verified"))
        .extracting(JobError::message)
        .asString()
        .contains("1 chunks lack a vector", "Generations.activate");
    Generation building = lab.embedJob.generations().progress().orElseThrow().generation();
    assertThat(building.error()).contains("1 chunks lack a vector");
    assertThat(lab.active().modelId()).isEqualTo("old");

    assertThat(lab.embedJob.generations().activate()).as("forced").isTrue();
    assertThat(lab.active().modelId()).isEqualTo("new");
    assertThat(lab.knowledge.stats()).isEqualTo(new KnowledgeStats(1, 2, 1, 1, 0));
  }

  @Test
  void whatWasPutRightIsTakenUpAgain() {
    lab.embed("a.txt", "zebras", "quails");
    lab.newModel.refuse(text -> text.contains("quails"));
    lab.deployNewModel(job -> job);
    lab.await(lab.embedJob.enqueueReprocessAll());
    lab.newModel.refuse(text -> false);

    Job again = lab.embedJob.enqueueReprocessAll();
    assertThat(again.existing()).isFalse();
    assertThat(lab.await(again).state()).isEqualTo(JobState.COMPLETED);

    assertThat(lab.active().modelId()).isEqualTo("new");
    assertThat(lab.newModel.embedded()).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void whatTheOldModelCouldNotEmbedEitherHoldsUpNothing() {
    lab.oldModel.refuse(text -> text.contains("quails"));
    lab.newModel.refuse(text -> text.contains("quails"));
    lab.embed("a.txt", "zebras", "quails");
    lab.deployNewModel(job -> job);

    assertThat(lab.await(lab.embedJob.enqueueReprocessAll()).state()).isEqualTo(JobState.COMPLETED);

    assertThat(lab.active().modelId()).isEqualTo("new");
    assertThat(lab.vectorsOf(lab.active())).isEqualTo(1);
  }

  @Test
  void aModelThatFindsLessIsNotSwitchedTo() {
    lab.embed("a.txt", "zebras", "quails", "foxes", "hens");
    lab.embed("b.txt", "ants", "bees");
    lab.newModel.leadAstray();
    lab.deployNewModel(
        job ->
            job.withVerification(
                VerificationRule.defaults()
                    .withK(1)
                    .withQueries(
                        most ->
                            List.of(
                                new VerificationQuery("about bees", Set.of("b.txt")),
                                new VerificationQuery("about ants", Set.of("b.txt"))))));

    Job job = lab.await(lab.embedJob.enqueueReprocessAll());

    assertThat(job.state()).isEqualTo(JobState.DISCARDED);
    assertThat(lab.bridge.jobs().errors(job.id()).get(0).message())
        .contains("its recall at 1 is 0.000");
    assertThat(lab.active().modelId()).isEqualTo("old");
  }

  @Test
  void vectorsThatGotLostAreNotSwitchedTo() {
    lab.embed("a.txt", "zebras", "quails");
    lab.deployNewModel(job -> job);
    Job job = lab.embedJob.enqueueReprocessAll();
    lab.bridge.jobs().cancel(job.id());
    lab.embedJob.enqueueReprocessAll();
    lab.bridge.drain();
    assertThat(lab.vectors.drop("knowledge_2")).isTrue();

    Job end = lab.await(lab.embedJob.enqueueReprocessAll());

    assertThat(end.state()).isEqualTo(JobState.DISCARDED);
    assertThat(lab.bridge.jobs().errors(end.id()).get(0).message())
        .contains("the ledger notes 2 vectors, and the vector store has 0");
    assertThat(lab.active().modelId()).isEqualTo("old");
  }

  @Test
  void rollbackGoesBackAtOnceWhereNothingIsLacking() {
    lab.embed("a.txt", "zebras");
    lab.deployNewModel(job -> job);
    lab.await(lab.embedJob.enqueueReprocessAll());

    Job job = lab.embedJob.generations().rollback();

    assertThat(lab.active().modelId()).isEqualTo("old");
    lab.await(job);
    assertThat(lab.oldModel.embedded()).hasSize(1);
    lab.advance(DAY.plusMinutes(1));
    assertThat(lab.vectors.collections()).containsExactly(lab.active().collection());
  }

  @Test
  void rollbackFirstEmbedsWhatCameMeanwhile() {
    lab.embed("a.txt", "zebras");
    lab.deployNewModel(job -> job);
    lab.await(lab.embedJob.enqueueReprocessAll());
    lab.embed("b.txt", "quails");

    Job job = lab.embedJob.generations().rollback();
    assertThat(lab.active().modelId()).as("until it has everything").isEqualTo("new");
    lab.await(job);

    assertThat(lab.active().modelId()).isEqualTo("old");
    assertThat(lab.knowledge.search("quails", 5)).hasSize(2);
    assertThat(lab.oldModel.embedded()).hasSize(2);
  }

  @Test
  void withoutAnOlderGenerationThereIsNoWayBack() {
    lab.embed("a.txt", "zebras");

    assertThatThrownBy(() -> lab.embedJob.generations().rollback())
        .isInstanceOf(GenerationException.class)
        .hasMessageContaining("no generation to go back to");
  }

  @Test
  void aCancelledGenerationIsDeleted() {
    lab.embed("a.txt", "zebras");
    lab.deployNewModel(job -> job);
    Job job = lab.embedJob.enqueueReprocessAll();
    lab.embed("b.txt", "quails");
    assertThat(lab.vectors.collections()).hasSize(2);

    assertThat(lab.embedJob.generations().cancel()).isTrue();
    assertThat(lab.await(job).state()).isEqualTo(JobState.CANCELLED);
    lab.advance(Duration.ofMinutes(2));

    assertThat(lab.vectors.collections()).containsExactly(lab.active().collection());
    assertThat(lab.knowledge.generations())
        .extracting(Generation::state)
        .containsExactly(State.ACTIVE);
  }

  @Test
  void aModelThatIsMissingIsNamedWithWhatToDo() {
    lab.embed("a.txt", "zebras");
    lab.deployNewModelAlone();

    assertThatThrownBy(() -> lab.knowledge.search("zebras", 1))
        .isInstanceOf(GenerationException.class)
        .hasMessageContaining("'old'")
        .hasMessageContaining("withModel")
        .hasMessageContaining("enqueueReprocessAll");
  }

  @Test
  void anOldModelThatIsGoneDoesNotHoldUpTheNew() {
    lab.embed("a.txt", "zebras", "quails");
    lab.deployNewModelAlone();
    Job job = lab.embedJob.enqueueReprocessAll();
    lab.ingest("a.txt", "zebras", "foxes");
    lab.embedJob.enqueueDocumentBatch("a.txt");
    lab.bridge.drain();
    assertThat(lab.store.vanished("a.txt", 5)).as("searchable by the old").hasSize(1);

    assertThat(lab.await(job).state()).isEqualTo(JobState.COMPLETED);
    lab.bridge.drain();

    assertThat(lab.active().modelId()).isEqualTo("new");
    assertThat(lab.vectorsOf(lab.active())).isEqualTo(2);
    assertThat(lab.store.vanished("a.txt", 5)).as("removed after the switch").isEmpty();
  }

  @Test
  void progressIsTold() {
    lab.embed("a.txt", "zebras");

    GenerationProgress progress = new GenerationProgress(lab.active(), 2_000, 500, 3, 50);

    assertThat(progress.remaining()).contains(Duration.ofSeconds(30));
    assertThat(progress).hasToString("500 of 2,000 chunks (3 failed), 50.0/s, PT30S left");
    assertThat(progress.fraction()).isEqualTo(0.25);
  }
}
