package io.neuralbridge.retrieval;

import java.util.List;

/** Something that ranks the corpus for a question. */
interface Ranker {

  /** The pages of the best passages, best first, at most {@code k}; a page may occur repeatedly. */
  List<String> rank(String question, int k);
}
