package io.neuralbridge.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.NeuralBridge;
import io.neuralbridge.embedding.LocalEmbeddingModel;
import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.JobState;
import io.neuralbridge.knowledge.EmbedJob;
import io.neuralbridge.knowledge.InMemoryKnowledgeStore;
import io.neuralbridge.knowledge.KnowledgeBase;
import io.neuralbridge.knowledge.SearchHit;
import io.neuralbridge.text.FolderScan;
import io.neuralbridge.vector.ExactVectorStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Asks the sample documents what a newcomer might. */
class SampleDocumentsTest {

  private final KnowledgeBase knowledge =
      new KnowledgeBase(
          new InMemoryKnowledgeStore(), LocalEmbeddingModel.create(), new ExactVectorStore());

  @Test
  void mostQuestionsFindTheirDocumentAmongTheFirstThree() throws Exception {
    ingestSamples();
    List<String> questions = Files.readAllLines(Path.of("src/test/resources/sample-queries.tsv"));
    List<String> missed = new ArrayList<>();
    for (String line : questions) {
      String[] parts = line.split("\t", 2);
      if (documents(parts[0]).noneMatch(parts[1]::equals)) {
        missed.add(line);
      }
    }

    assertThat(questions).hasSize(30);
    assertThat(missed).hasSizeLessThanOrEqualTo(5);
  }

  private Stream<String> documents(String question) {
    return knowledge.search(question, 3).stream().map(SearchHit::document);
  }

  private void ingestSamples() throws IOException, InterruptedException {
    List<FolderScan.Found> files = FolderScan.of(Path.of("sample-docs")).files();
    CountDownLatch embedded = new CountDownLatch(files.size());
    EmbedJob embedJob = new EmbedJob(knowledge);
    NeuralBridge bridge =
        NeuralBridge.builder()
            .install(embedJob)
            .listener(
                event -> {
                  if (event instanceof JobEvent.Settled end && end.state() == JobState.COMPLETED) {
                    embedded.countDown();
                  }
                })
            .build();
    try (bridge) {
      bridge.start();
      for (FolderScan.Found file : files) {
        knowledge.ingest(file.path(), file.name());
        embedJob.enqueueDocumentBatch(file.name());
      }
      assertThat(embedded.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }
}
