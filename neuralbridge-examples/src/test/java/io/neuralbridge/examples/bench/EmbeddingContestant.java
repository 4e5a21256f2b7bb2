package io.neuralbridge.examples.bench;

import java.io.IOException;
import java.util.List;

/** A way to bring documents into a store of vectors, by a remote model. Starts empty. */
interface EmbeddingContestant extends AutoCloseable {

  /**
   * What became of the documents.
   *
   * @param stored chunks that have a vector in the store; records, where it does not know chunks
   * @param failures exceptions that came out
   * @param firstFailure the first one's message, empty if there is none
   */
  record Landing(long stored, int failures, String firstFailure) {

    static Landing of(long stored) {
      return new Landing(stored, 0, "");
    }
  }

  /** Returns when all that can be stored is. May be called again, with the same documents. */
  Landing ingest(List<Corpus.Text> documents) throws Exception;

  @Override
  void close() throws IOException;
}
