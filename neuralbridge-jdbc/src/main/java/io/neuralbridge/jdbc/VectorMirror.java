package io.neuralbridge.jdbc;

import io.neuralbridge.jdbc.JdbcVectorStore.CollectionRow;
import io.neuralbridge.vector.ExactVectorStore;
import io.neuralbridge.vector.VectorMatch;
import io.neuralbridge.vector.VectorQuery;
import io.neuralbridge.vector.VectorRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One collection in memory, brought up to date before each search. */
final class VectorMirror {

  /** Deleted rows are kept for twice as long, so a mirror that is younger has seen them. */
  static final Duration TRUSTED_FOR = Duration.ofHours(12);

  private static final int APPLIED_AT_ONCE = 1_000;

  private final Database database;
  private final CollectionRow origin;
  private ExactVectorStore vectors = new ExactVectorStore();
  private long revision;
  private long refreshedNanos = System.nanoTime();

  VectorMirror(Database database, CollectionRow origin) {
    this.database = database;
    this.origin = origin;
  }

  /** Whether it mirrors this collection, and not one of the same name that was dropped. */
  boolean isOf(CollectionRow row) {
    return origin.id() == row.id();
  }

  List<VectorMatch> search(CollectionRow current, VectorQuery query) {
    return upToDate(current).search(origin.name(), query);
  }

  private synchronized ExactVectorStore upToDate(CollectionRow current) {
    if (System.nanoTime() - refreshedNanos > TRUSTED_FOR.toNanos()) {
      vectors = new ExactVectorStore();
      revision = 0;
    }
    if (current.revision() > revision) {
      load();
    }
    refreshedNanos = System.nanoTime();
    return vectors;
  }

  private void load() {
    if (revision == 0) {
      database.run(session -> VectorStatements.forgetDeleted(session, origin.id()));
    }
    Changes changes = new Changes();
    database.run(
        session -> {
          VectorStatements.changes(session, origin.id(), revision, changes::add);
          return true;
        });
    changes.flush();
    revision = Math.max(revision, changes.last);
  }

  /** Rows on their way into memory, a bounded number at a time. */
  private final class Changes {

    private final List<VectorRecord> written = new ArrayList<>();
    private final List<String> deleted = new ArrayList<>();
    private long last;

    void add(String id, long rowRevision, @Nullable VectorRecord row) {
      last = Math.max(last, rowRevision);
      if (row == null) {
        deleted.add(id);
      } else {
        written.add(row);
      }
      if (written.size() + deleted.size() >= APPLIED_AT_ONCE) {
        flush();
      }
    }

    void flush() {
      vectors.upsert(origin.name(), written);
      vectors.delete(origin.name(), deleted);
      written.clear();
      deleted.clear();
    }
  }
}
