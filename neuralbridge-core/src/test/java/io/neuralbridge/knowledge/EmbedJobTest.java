package io.neuralbridge.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobState;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.text.ChunkSize;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class EmbedJobTest {

  private static final String[] TWELVE = {
    "ants", "bees", "cats", "dogs", "eels", "foxes", "gnus", "hens", "ibises", "jays", "kiwis",
    "larks"
  };

  private final Lab lab = new Lab();
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger("io.neuralbridge.knowledge");

  @BeforeEach
  void listen() {
    logged.start();
    logger.addAppender(logged);
  }

  @AfterEach
  void close() {
    logger.detachAppender(logged);
    lab.close();
  }

  @Test
  void itsJobsWaitWhereTheSpecSays() {
    Job job = lab.embedJob.enqueueDocumentBatch("manual_jwt.pdf");

    assertThat(job.queue()).isEqualTo("embeddings");
    assertThat(job.spec().maxAttempts()).isEqualTo(3);
    assertThat(job.spec().priority()).isEqualTo(1);
    assertThat(job.spec().tags()).containsExactly("embedding");
  }

  @Test
  void aDocumentBatchEmbedsAllChunksInOrderAndSaysSo() throws Exception {
    ingest(TWELVE);
    lab.bridge.start();

    JobEvent.Settled end = lab.awaitSettled(lab.embedJob.enqueueDocumentBatch("manual.txt"));

    assertThat(end.state()).isEqualTo(JobState.COMPLETED);
    assertThat(lab.model.embedded())
        .containsExactlyElementsOf(Arrays.stream(TWELVE).map(Lab::paragraphs).toList());
    assertThat(lab.knowledge.stats()).isEqualTo(new KnowledgeStats(1, 12, 12, 0, 0));
    assertThat(lab.knowledge.document("manual.txt").orElseThrow().embeddedAt()).isNotNull();
    assertThat(lab.bridge.find(end.job().id()).orElseThrow().result())
        .isEqualTo("{\"chunks\":12,\"embedded\":12,\"failed\":0,\"removed\":0}");
    assertThat(messages())
        .contains(
            "Processing embeddings for 12 chunks in document: manual.txt",
            "Processing chunk 1/12",
            "Processing chunk 3/12",
            "Completed embedding generation for document manual.txt: 12/12 successful");
  }

  @Test
  void oneChunkIsEmbeddedOnce() throws Exception {
    ingest("zebras");
    String id = lab.pending("manual.txt", 1).get(0).id();
    lab.bridge.start();

    lab.awaitSettled(lab.embedJob.enqueueChunkEmbedding(id));
    JobEvent.Settled again = lab.awaitSettled(lab.embedJob.enqueueChunkEmbedding(id));

    assertThat(again.state()).isEqualTo(JobState.COMPLETED);
    assertThat(lab.model.embedded()).hasSize(1);
    assertThat(lab.entry("manual.txt", 0).embeddedAt()).isNotNull();
    assertThat(messages())
        .contains(
            "Generating embedding for chunk: " + id,
            "Successfully generated embedding for chunk: " + id);
  }

  @Test
  void anUnknownChunkFailsAtOnceWithChunkNotFound() throws Exception {
    lab.bridge.start();

    JobEvent.Settled end = lab.awaitSettled(lab.embedJob.enqueueChunkEmbedding("4711"));

    assertThat(end.state()).isEqualTo(JobState.DISCARDED);
    assertThat(errors(end)).extracting(JobError::code).containsExactly("chunk_not_found");
    assertThat(errors(end).get(0).message()).contains("4711");
  }

  @Test
  void anUnknownDocumentFailsAtOnceWithDocumentNotFound() throws Exception {
    lab.bridge.start();

    JobEvent.Settled end = lab.awaitSettled(lab.embedJob.enqueueDocumentBatch("nowhere.txt"));

    assertThat(end.state()).isEqualTo(JobState.DISCARDED);
    assertThat(errors(end)).extracting(JobError::code).containsExactly("document_not_found");
  }

  @Test
  void anApiErrorIsTriedThreeTimes() throws Exception {
    ingest("zebras");
    String id = lab.pending("manual.txt", 1).get(0).id();
    lab.model.refuse(text -> true);
    lab.bridge.start();

    Job job = lab.embedJob.enqueueChunkEmbedding(id);
    assertThat(lab.awaitSettled(job).state()).isEqualTo(JobState.RETRYABLE);
    lab.bridge.retry(job.id());
    assertThat(lab.awaitSettled(job).state()).isEqualTo(JobState.RETRYABLE);
    lab.bridge.retry(job.id());
    assertThat(lab.awaitSettled(job).state()).isEqualTo(JobState.DISCARDED);

    assertThat(lab.bridge.errors(job.id())).extracting(JobError::attempt).containsExactly(1, 2, 3);
    assertThat(lab.entry("manual.txt", 0).error()).contains("refused");
  }

  @Test
  void oneFailingChunkIsLoggedAndTheRestGoOn() throws Exception {
    ingest(TWELVE);
    lab.model.refuse(text -> text.contains(TWELVE[6] + "."));
    lab.bridge.start();

    Job job = lab.embedJob.enqueueDocumentBatch("manual.txt");
    JobEvent.Settled first = lab.awaitSettled(job);

    assertThat(first.state()).isEqualTo(JobState.RETRYABLE);
    assertThat(errors(first)).extracting(JobError::code).containsExactly("embedding_incomplete");
    assertThat(lab.knowledge.stats()).isEqualTo(new KnowledgeStats(1, 12, 11, 1, 0));
    assertThat(messages())
        .contains("Completed embedding generation for document manual.txt: 11/12 successful")
        .anyMatch(message -> message.startsWith("Failed to generate embedding for chunk: "));

    lab.model.refuse(text -> false);
    lab.bridge.retry(job.id());
    assertThat(lab.awaitSettled(job).state()).isEqualTo(JobState.COMPLETED);
    assertThat(lab.model.embedded()).as("only the failed one again").hasSize(12);
  }

  @Test
  void oneBadTextOfABatchDoesNotFailItsNeighbours() throws Exception {
    Lab.WatchedModel model = new Lab.WatchedModel("watched-8", 8);
    model.refuse(text -> text.contains(TWELVE[6] + "."));
    EmbedJob embedJob =
        new EmbedJob(new KnowledgeBase(lab.store, model, lab.vectors, ChunkSize.characters(40, 0)));
    ingest(TWELVE);
    try (var bridge = lab.bridge(embedJob).start()) {
      Job job = embedJob.enqueueDocumentBatch("manual.txt");
      lab.awaitSettled(job);

      assertThat(lab.knowledge.stats()).isEqualTo(new KnowledgeStats(1, 12, 11, 1, 0));
      assertThat(bridge.find(job.id()).orElseThrow().attempt()).isEqualTo(1);
    }
  }

  @Test
  void aStoreThatFailsEndsTheAttemptAndIsNoChunksFault() throws Exception {
    ingest(TWELVE);
    EmbedJob embedJob =
        new EmbedJob(
            new KnowledgeBase(
                lab.store, lab.model, new BrokenVectorStore(), ChunkSize.characters(40, 0)));
    try (var bridge = lab.bridge(embedJob).start()) {
      JobEvent.Settled end = lab.awaitSettled(embedJob.enqueueDocumentBatch("manual.txt"));

      assertThat(end.state()).isEqualTo(JobState.RETRYABLE);
      assertThat(bridge.errors(end.job().id()))
          .extracting(JobError::message)
          .containsExactly("disk full");
      assertThat(lab.model.embedded()).as("no text is paid for twice").hasSize(1);
      assertThat(lab.knowledge.stats().failed()).isZero();
    }
  }

  @Test
  void aBatchThatDiesAtChunkSevenGoesOnAtChunkSeven() throws Exception {
    ingest(TWELVE);
    long dying = lab.queue.join("dying", Duration.ofSeconds(60));
    lab.model.refuse(text -> text.contains(TWELVE[6] + "."));
    Job job = lab.embedJob.enqueueDocumentBatch("manual.txt");
    Lease lease = lab.queue.claim(new Claim("embeddings", dying, 1)).get(0);
    diesAtChunkSeven(lease);
    lab.model.refuse(text -> false);
    lab.queue.leave(dying);

    lab.bridge.start();
    JobEvent.Settled end = lab.awaitSettled(job);

    assertThat(end.state()).isEqualTo(JobState.COMPLETED);
    assertThat(end.job().attempt()).as("a crash costs no attempt").isEqualTo(1);
    assertThat(lab.model.embedded()).as("each once").hasSize(12).doesNotHaveDuplicates();
  }

  // What a process leaves behind that is killed there: six chunks done, its lease and lock not
  // given back.
  private void diesAtChunkSeven(Lease lease) {
    lab.store.lock("manual.txt", lease.job().id(), KnowledgeStore.NOBODY);
    lab.embed(lab.pending("manual.txt", 6));
  }

  @Test
  void twoJobsAtOneDocumentEmbedNothingTwice() throws Exception {
    ingest(TWELVE);
    Job first = lab.embedJob.enqueueDocumentBatch("manual.txt");
    Job second = lab.embedJob.enqueueDocumentBatch("manual.txt");
    lab.bridge.start();

    awaitCompleted(first);
    awaitCompleted(second);

    assertThat(lab.model.embedded()).hasSize(12).doesNotHaveDuplicates();
  }

  @Test
  void aVersionThatComesMeanwhileIsEmbeddedBeforeAnythingIsRemoved() throws Exception {
    ingest("ants", "bees");
    lab.bridge.start();
    lab.awaitSettled(lab.embedJob.enqueueDocumentBatch("manual.txt"));
    ingest("ants", "cats");
    // While cats is embedded, its chunk moves down and new ones stand where the job has been.
    AtomicBoolean came = new AtomicBoolean();
    lab.model.refuse(
        text -> {
          if (text.contains("cats") && came.compareAndSet(false, true)) {
            ingest("dogs", "eels", "foxes", "cats");
          }
          return false;
        });

    JobEvent.Settled end = lab.awaitSettled(lab.embedJob.enqueueDocumentBatch("manual.txt"));

    assertThat(end.state()).isEqualTo(JobState.COMPLETED);
    assertThat(lab.knowledge.hasPending("manual.txt")).isFalse();
    assertThat(lab.knowledge.document("manual.txt").orElseThrow().embeddedAt()).isNotNull();
    assertThat(lab.vectorCount()).isEqualTo(4);
  }

  private void awaitCompleted(Job job) throws InterruptedException {
    JobEvent.Settled event = lab.awaitSettled(job);
    while (event.state() != JobState.COMPLETED) {
      event = lab.awaitSettled(job);
    }
  }

  @Test
  void enqueueingWithoutInstallingSaysWhatToDo() {
    assertThatThrownBy(() -> new EmbedJob(lab.knowledge).enqueueReprocessAll())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("install(embedJob)");
  }

  private void ingest(String... words) {
    assertThat(lab.knowledge.ingest(Lab.paragraphs(words), "manual.txt").chunks())
        .isEqualTo(words.length);
  }

  private List<String> messages() {
    return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private List<JobError> errors(JobEvent.Settled end) {
    return lab.bridge.errors(end.job().id());
  }
}
