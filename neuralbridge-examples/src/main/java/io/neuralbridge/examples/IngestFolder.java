package io.neuralbridge.examples;

import static java.util.stream.Collectors.toSet;

import io.neuralbridge.NeuralBridge;
import io.neuralbridge.embedding.EmbeddingModel;
import io.neuralbridge.embedding.LocalEmbeddingModel;
import io.neuralbridge.jdbc.DatabaseException;
import io.neuralbridge.jdbc.JdbcBackend;
import io.neuralbridge.knowledge.DocumentException;
import io.neuralbridge.knowledge.EmbedJob;
import io.neuralbridge.knowledge.Ingestion;
import io.neuralbridge.knowledge.KnowledgeBase;
import io.neuralbridge.knowledge.KnowledgeStats;
import io.neuralbridge.text.FolderScan;
import io.neuralbridge.text.UnreadableDocumentException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The main job, end to end: ingests a folder of text and Markdown files, embeds their chunks in the
 * background, and answers queries. State lives in an H2 file: run it again and only what changed is
 * embedded; kill it, run it again, and it goes on.
 *
 * <p>Exit codes: 0 done, 1 the folder or the database cannot be used or a chunk could not be
 * embedded, 2 wrong arguments.
 */
public final class IngestFolder {

  private final Options options;
  private final EmbeddingModel model;
  private final AtomicLong embedded = new AtomicLong();
  private final PrintStream out;
  private int skipped;

  IngestFolder(Options options, EmbeddingModel model, PrintStream out) {
    this.options = options;
    this.model = new ObservedModel(model, texts -> embedded.addAndGet(texts.size()));
    this.out = out;
  }

  public static void main(String[] args) {
    int exitCode = run(args, LocalEmbeddingModel.create(), System.out, System.err);
    if (exitCode != 0) {
      System.exit(exitCode);
    }
  }

  static int run(String[] args, EmbeddingModel model, PrintStream out, PrintStream err) {
    if (List.of(args).contains("--help") || List.of(args).contains("-h")) {
      out.println(Options.USAGE);
      return 0;
    }
    try {
      return new IngestFolder(Options.parse(args), model, out).run();
    } catch (Options.UsageException e) {
      err.println(e.getMessage() + "\n\n" + Options.USAGE);
      return 2;
    } catch (UnreadableDocumentException | DatabaseException e) {
      err.println(e.getMessage());
      return 1;
    }
  }

  private int run() {
    FolderScan scan = FolderScan.of(options.folder());
    try (JdbcBackend backend = JdbcBackend.embedded(options.database())) {
      KnowledgeBase knowledge = new KnowledgeBase(backend.knowledge(), model, backend.vectors());
      EmbedJob embedJob = new EmbedJob(knowledge);
      try (NeuralBridge bridge =
          NeuralBridge.builder().store(backend.queue()).install(embedJob).build()) {
        boolean complete = ingestAndEmbed(scan, knowledge, embedJob, bridge);
        new Questions(knowledge, out).ask(options);
        return complete ? 0 : 1;
      }
    }
  }

  private boolean ingestAndEmbed(
      FolderScan scan, KnowledgeBase knowledge, EmbedJob embedJob, NeuralBridge bridge) {
    out.printf("Folder %s: %d documents%n", options.folder(), scan.files().size());
    long begin = System.nanoTime();
    bridge.start();
    Progress progress = new Progress(out, knowledge, bridge);
    ingest(scan, knowledge, embedJob, progress);
    progress.untilIdle();
    KnowledgeStats stats = knowledge.stats();
    long embedded = this.embedded.get();
    double seconds = (System.nanoTime() - begin) / 1e9;
    out.printf(
        Locale.ROOT,
        "%d documents, %d chunks: %d embedded, %d unchanged, %d failed; %d documents skipped; %.1f s%s%n",
        stats.documents(),
        stats.chunks(),
        embedded,
        Math.max(0, stats.embedded() - embedded),
        stats.pending(),
        skipped,
        seconds,
        embedded == 0 ? "" : String.format(Locale.ROOT, ", %.0f chunks/s", embedded / seconds));
    return stats.pending() == 0;
  }

  private void ingest(
      FolderScan scan, KnowledgeBase knowledge, EmbedJob embedJob, Progress progress) {
    scan.skips().forEach(skip -> skipped(skip.name(), skip.reason()));
    for (FolderScan.Found file : scan.files()) {
      ingest(file, knowledge);
      if (knowledge.hasPending(file.name())) {
        embedJob.enqueueDocumentBatch(file.name());
      }
      progress.show();
    }
    removeWhatIsGone(scan, knowledge);
  }

  private void ingest(FolderScan.Found file, KnowledgeBase knowledge) {
    try {
      Ingestion ingestion = knowledge.ingest(file.path(), file.name());
      if (ingestion.replacedCharacters() > 0) {
        out.printf(
            "%s: %d characters that cannot be stored were replaced by U+FFFD%n",
            file.name(), ingestion.replacedCharacters());
      }
    } catch (UnreadableDocumentException | DocumentException | UncheckedIOException e) {
      boolean known = knowledge.document(file.name()).isPresent();
      String kept = known ? " What was ingested of it before is kept." : "";
      skipped(file.name(), e.getMessage() + kept);
    }
  }

  // What lies in or below a folder that could not be looked at is not gone.
  private void removeWhatIsGone(FolderScan scan, KnowledgeBase knowledge) {
    Set<String> found = scan.files().stream().map(FolderScan.Found::name).collect(toSet());
    for (String name : knowledge.documentNames()) {
      if (!found.contains(name) && scan.skips().stream().noneMatch(skip -> covers(skip, name))) {
        knowledge.remove(name);
        out.printf("Removed %s: it is no longer in the folder%n", name);
      }
    }
  }

  private static boolean covers(FolderScan.Skip skip, String name) {
    return name.equals(skip.name()) || name.startsWith(skip.name() + "/");
  }

  private void skipped(String name, String reason) {
    skipped++;
    out.printf("Skipped %s: %s%n", name, reason);
  }
}
