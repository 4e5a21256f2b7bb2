package io.neuralbridge.knowledge;

import static io.neuralbridge.flow.After.after;
import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.NeuralBridge;
import io.neuralbridge.flow.Workflow;
import io.neuralbridge.flow.WorkflowRun;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.knowledge.EmbedJob.DocumentArgs;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.Worker;
import org.junit.jupiter.api.Test;

/** Ingest, then embed, then use: the embed job in a workflow of three lines. */
class KnowledgeWorkflowTest {

  private static final JobType<String> INGEST = JobType.of("ingest", String.class);
  private static final JobType<String> USE = JobType.of("use", String.class);

  private record Step(JobType<String> type, Lab lab) implements Worker<String> {

    @Override
    public Outcome work(JobContext<String> context) {
      if (type.equals(INGEST)) {
        return Outcome.completed(lab.knowledge.ingest(context.args(), "manual.txt").chunks());
      }
      int chunks = WorkflowRun.of(context).result("ingest", Integer.class).orElseThrow();
      String best = lab.knowledge.search(context.args(), 1).get(0).chunk().text();
      return Outcome.completed(chunks + " chunks: " + best);
    }
  }

  @Test
  void whatWasIngestedIsEmbeddedAndThenUsed() {
    try (Lab lab = new Lab();
        NeuralBridge bridge =
            NeuralBridge.builder()
                .store(lab.queue)
                .install(new EmbedJob(lab.knowledge))
                .worker(new Step(INGEST, lab))
                .worker(new Step(USE, lab))
                .build()) {
      WorkflowRun run =
          Workflow.named("manual")
              .add("ingest", INGEST.request(Lab.paragraphs("zebras", "quokkas", "foxes")))
              .add(
                  "embed",
                  EmbedJob.DOCUMENT.request(new DocumentArgs("manual.txt")),
                  after("ingest"))
              .add("use", USE.request("quokkas"), after("embed"))
              .enqueue(bridge);

      bridge.drain();
      assertThat(run.status().flow().count(JobState.COMPLETED)).isEqualTo(3);
      assertThat(run.result("use", String.class).orElseThrow())
          .startsWith("3 chunks")
          .contains("quokkas");
    }
  }
}
