package io.neuralbridge.examples;

import io.neuralbridge.knowledge.KnowledgeBase;
import io.neuralbridge.knowledge.SearchHit;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.List;

/** Asks the knowledge base and prints what it finds. */
final class Questions {

  private static final String SAMPLE = "How do I rotate a signing key?";
  private static final int HITS = 3;
  private static final int SNIPPET = 200;

  /** Below this a hit of the local model shares nothing with the question but chance. */
  private static final float NOTHING = 0.02f;

  private final KnowledgeBase knowledge;
  private final PrintStream out;

  Questions(KnowledgeBase knowledge, PrintStream out) {
    this.knowledge = knowledge;
    this.out = out;
  }

  /** Asks what was asked for; else what a person types until an empty line; else a sample. */
  void ask(Options options) {
    String query = options.query();
    if (query != null) {
      answer(query);
    } else if (Terminal.isInteractive()) {
      prompt();
    } else if (options.sample()) {
      answer(SAMPLE);
    } else {
      out.println("Ask with --query 'TEXT'.");
    }
  }

  private void prompt() {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
    try {
      while (true) {
        out.print("Ask (empty line ends)> ");
        out.flush();
        String line = in.readLine();
        if (line == null || line.isBlank()) {
          return;
        }
        answer(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answer(String query) {
    out.printf("%nQuery: %s%n", query);
    List<SearchHit> hits =
        knowledge.search(query, HITS).stream().filter(hit -> hit.score() >= NOTHING).toList();
    if (hits.isEmpty()) {
      out.println("  nothing found");
    }
    for (int i = 0; i < hits.size(); i++) {
      print(i + 1, hits.get(i));
    }
  }

  private void print(int rank, SearchHit hit) {
    String heading = hit.chunk().heading();
    out.printf(
        "  %d. %.3f  %s, chunk %d%s%n",
        rank,
        hit.score(),
        hit.document(),
        hit.position() + 1,
        heading.isEmpty() ? "" : ": " + heading);
    String text = hit.chunk().text().replaceAll("\\s+", " ").strip();
    out.printf("     %s%n", text.length() <= SNIPPET ? text : text.substring(0, SNIPPET) + "…");
  }
}
