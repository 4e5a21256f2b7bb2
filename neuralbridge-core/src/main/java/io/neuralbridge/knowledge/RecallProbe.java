package io.neuralbridge.knowledge;

import io.neuralbridge.embedding.EmbeddedText.Embedded;
import io.neuralbridge.embedding.EmbeddedTexts;
import io.neuralbridge.embedding.InputType;
import io.neuralbridge.embedding.SplittingEmbedder;
import io.neuralbridge.vector.VectorFilter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks two generations the same. */
final class RecallProbe {

  /**
   * A query and its answer.
   *
   * @param documents that answer it; empty if nobody knows
   * @param contentHash that of a chunk that answers it; null if it is not a chunk's own text
   */
  private record Question(String text, Set<String> documents, @Nullable String contentHash) {

    boolean isAnswerKnown() {
      return contentHash != null || !documents.isEmpty();
    }

    double recall(List<SearchHit> hits) {
      if (contentHash != null) {
        return hits.stream().anyMatch(hit -> contentHash.equals(hit.chunk().contentHash())) ? 1 : 0;
      }
      Set<String> found = hits.stream().map(SearchHit::document).collect(Collectors.toSet());
      return (double) documents.stream().filter(found::contains).count() / documents.size();
    }
  }

  private final GenerationModels models;
  private final KnowledgeSearch search;
  private final ChunkSample sample;
  private final VerificationRule rule;

  RecallProbe(KnowledgeBase knowledge, VerificationRule rule) {
    this.models = knowledge.models();
    this.search = knowledge.searches();
    this.sample = new ChunkSample(knowledge.store());
    this.rule = rule;
  }

  Recall ask(Generation active, Generation building) throws InterruptedException {
    List<Question> questions = questions(active, building);
    if (questions.isEmpty()) {
      return Recall.UNKNOWN;
    }
    List<@Nullable List<SearchHit>> after = answers(building, questions);
    if (!models.has(active)) {
      return new Recall(OptionalDouble.empty(), recall(questions, after), OptionalDouble.empty());
    }
    List<@Nullable List<SearchHit>> before = answers(active, questions);
    return new Recall(
        recall(questions, before), recall(questions, after), agreement(questions, before, after));
  }

  private List<Question> questions(Generation active, Generation building) {
    if (rule.most() == 0) {
      return List.of();
    }
    List<Question> logged =
        rule.queries().queries(rule.most()).stream()
            .limit(rule.most())
            .map(query -> new Question(query.text(), query.documents(), null))
            .toList();
    if (!logged.isEmpty()) {
      return logged;
    }
    return sample.of(active, building, rule.most()).stream()
        .map(chunk -> new Question(chunk.embeddingText(), Set.of(), chunk.contentHash()))
        .toList();
  }

  // Null where a query cannot be embedded.
  private List<@Nullable List<SearchHit>> answers(Generation generation, List<Question> questions)
      throws InterruptedException {
    EmbeddedTexts embedded =
        new SplittingEmbedder(models.of(generation))
            .embed(questions.stream().map(Question::text).toList(), InputType.QUERY);
    if (embedded.stop() != null) {
      throw ProviderStops.because(embedded.stop());
    }
    List<@Nullable List<SearchHit>> answers = new ArrayList<>();
    for (int i = 0; i < questions.size(); i++) {
      answers.add(
          embedded.texts().get(i) instanceof Embedded text
              ? search.nearest(generation, text.vector(), rule.k(), VectorFilter.all())
              : null);
    }
    return answers;
  }

  private static OptionalDouble recall(
      List<Question> questions, List<@Nullable List<SearchHit>> answers) {
    List<Double> recalls = new ArrayList<>();
    for (int i = 0; i < questions.size(); i++) {
      List<SearchHit> hits = answers.get(i);
      if (hits != null && questions.get(i).isAnswerKnown()) {
        recalls.add(questions.get(i).recall(hits));
      }
    }
    return recalls.stream().mapToDouble(Double::doubleValue).average();
  }

  private static OptionalDouble agreement(
      List<Question> questions,
      List<@Nullable List<SearchHit>> before,
      List<@Nullable List<SearchHit>> after) {
    List<Double> shares = new ArrayList<>();
    for (int i = 0; i < questions.size(); i++) {
      List<SearchHit> old = before.get(i);
      List<SearchHit> now = after.get(i);
      if (!questions.get(i).isAnswerKnown() && old != null && now != null && !old.isEmpty()) {
        Set<String> common = ids(old);
        int all = common.size();
        common.retainAll(ids(now));
        shares.add((double) common.size() / all);
      }
    }
    return shares.stream().mapToDouble(Double::doubleValue).average();
  }

  private static Set<String> ids(List<SearchHit> hits) {
    return hits.stream()
        .map(hit -> hit.chunk().id())
        .collect(Collectors.toCollection(HashSet::new));
  }
}
