package io.neuralbridge.vector;

import java.util.Collection;
import java.util.List;

/** Where the changes of one collection are kept. The collection's lock guards it. */
interface Journal {

  /** Keeps a change, all of it or none; when this returns, it is safe. */
  void append(List<Row> rows, Collection<String> deleted);

  /** Replaces all that was kept. */
  void rewrite(List<Row> rows, Collection<String> deleted);

  /** Rows and deletions kept. */
  long entries();

  /** Keeps a graph, to spare building it after a restart. */
  void save(Graph graph);

  void close();

  /** Deletes everything; after {@link #close}. */
  void delete();

  /** Keeps nothing. */
  Journal NONE =
      new Journal() {
        @Override
        public void append(List<Row> rows, Collection<String> deleted) {}

        @Override
        public void rewrite(List<Row> rows, Collection<String> deleted) {}

        @Override
        public long entries() {
          return 0;
        }

        @Override
        public void save(Graph graph) {}

        @Override
        public void close() {}

        @Override
        public void delete() {}
      };
}
