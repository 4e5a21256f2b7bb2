package io.neuralbridge.embedding;

import io.neuralbridge.embedding.EmbeddedText.Untried;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The texts of one caller, until each has its result. After it is handed in, for one thread. */
final class Submission {

  private final InputType type;
  private final List<@Nullable EmbeddedText> results;
  private final CompletableFuture<EmbeddedTexts> done = new CompletableFuture<>();
  private int open;
  private @Nullable EmbeddingException stop;
  private int calls;
  private long tokens;

  Submission(InputType type, int texts) {
    this.type = type;
    this.results = new ArrayList<>(Collections.nCopies(texts, null));
    this.open = texts;
  }

  InputType type() {
    return type;
  }

  CompletableFuture<EmbeddedTexts> done() {
    return done;
  }

  void settle(int position, EmbeddedText result) {
    if (results.get(position) == null) {
      results.set(position, result);
      open--;
    }
  }

  void stop(EmbeddingException why) {
    if (stop == null) {
      stop = why;
    }
  }

  void addCalls(int number) {
    calls += number;
  }

  void addTokens(long number) {
    tokens += number;
  }

  /** Completes it if nothing is open. */
  void completeIfSettled() {
    if (open == 0 && !done.isDone()) {
      List<EmbeddedText> texts = new ArrayList<>(results.size());
      for (EmbeddedText result : results) {
        texts.add(result == null ? new Untried() : result);
      }
      done.complete(new EmbeddedTexts(texts, stop, calls, tokens));
    }
  }

  /** Gives up what is open and completes it. */
  void abandon(EmbeddingException why) {
    if (open > 0) {
      stop(why);
      open = 0;
    }
    completeIfSettled();
  }
}
