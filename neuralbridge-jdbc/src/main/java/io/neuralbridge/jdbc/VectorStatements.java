package io.neuralbridge.jdbc;

import io.neuralbridge.jdbc.JdbcVectorStore.CollectionRow;
import io.neuralbridge.vector.VectorRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * Vectors and their collections. A writer locks its collection first, so that revisions grow as
 * they commit.
 */
final class VectorStatements {

  /** Hears of one changed row; {@code record} is null if it was deleted. */
  interface ChangeSink {
    void accept(String id, long revision, @Nullable VectorRecord record);
  }

  private static final int FETCH_SIZE = 500;

  private static final String FIND =
      """
      SELECT id, name, dimensions, revision, own_table FROM nb_vector_collection
      WHERE name = :name
      """;

  private static final String LOCK =
      """
      UPDATE nb_vector_collection SET revision = nextval('nb_vector_revision') WHERE name = :name
      """;

  private static final String CREATE =
      """
      INSERT INTO nb_vector_collection (name, dimensions, revision)
      VALUES (:name, :dimensions, nextval('nb_vector_revision'))
      """;

  // Joined, not "= ANY": H2 would read the whole collection, for the key has two columns.
  private static final String KNOWN =
      """
      SELECT v.id
      FROM unnest(cast(:ids AS varchar array)) AS wanted(id)
      JOIN nb_vector v ON v.collection_id = :collection AND v.id = wanted.id
      """;

  private static final String INSERT =
      """
      INSERT INTO nb_vector (collection_id, id, revision, written_at, vector, metadata)
      VALUES (:collection, :id, :revision, <now>, :vector, :metadata)
      """;

  private static final String UPDATE =
      """
      UPDATE nb_vector
      SET revision = :revision, written_at = <now>, vector = :vector, metadata = :metadata
      WHERE collection_id = :collection AND id = :id
      """;

  private static final String DELETE =
      """
      UPDATE nb_vector
      SET revision = :revision, written_at = <now>, vector = NULL, metadata = NULL
      WHERE collection_id = :collection AND id = :id AND vector IS NOT NULL
      """;

  private static final String FORGET_DELETED =
      """
      DELETE FROM nb_vector
      WHERE collection_id = :collection AND vector IS NULL AND written_at < <later>
      """;

  private static final String DROP_VECTORS =
      """
      DELETE FROM nb_vector WHERE collection_id = :collection
      """;

  private static final String DROP =
      """
      DELETE FROM nb_vector_collection WHERE id = :collection
      """;

  private static final String CHANGES =
      """
      SELECT id, revision, vector, metadata FROM nb_vector
      WHERE collection_id = :collection AND revision > :after
      """;

  private static final String COUNT =
      """
      SELECT count(*) FROM nb_vector WHERE collection_id = :collection AND vector IS NOT NULL
      """;

  private static final String NAMES =
      """
      SELECT name FROM nb_vector_collection ORDER BY name
      """;

  private VectorStatements() {}

  static Optional<CollectionRow> find(Session session, String name) {
    return session.query(FIND).bind("name", name).map((row, context) -> collection(row)).findOne();
  }

  private static CollectionRow collection(ResultSet row) throws SQLException {
    if (row.getBoolean("own_table")) {
      throw new DatabaseException(
          DatabaseException.UNUSABLE,
          "collection '%s' is kept by pgvector, which is not in use here: JdbcBackend.withPgvector says why"
              .formatted(row.getString("name")));
    }
    return new CollectionRow(
        row.getLong("id"),
        row.getString("name"),
        row.getInt("dimensions"),
        row.getLong("revision"));
  }

  /** Takes the right to write to a collection, and a revision of one's own. */
  static Optional<CollectionRow> lock(Session session, String name) {
    session.update(LOCK).bind("name", name).execute();
    return find(session, name);
  }

  static CollectionRow lockOrCreate(Session session, String name, int dimensions) {
    Optional<CollectionRow> known = lock(session, name);
    if (known.isPresent()) {
      return known.get();
    }
    session.update(CREATE).bind("name", name).bind("dimensions", dimensions).execute();
    return find(session, name).orElseThrow();
  }

  static int upsert(Session session, CollectionRow collection, List<VectorRecord> records) {
    Set<String> known = known(session, collection, records);
    List<VectorRecord> fresh = new ArrayList<>();
    List<VectorRecord> rewritten = new ArrayList<>();
    for (VectorRecord record : lastOfEachId(records)) {
      (known.contains(record.id()) ? rewritten : fresh).add(record);
    }
    int[] updated = write(session, UPDATE, collection, rewritten);
    for (int i = 0; i < updated.length; i++) {
      // A mirror forgot this deleted one in between: that does not wait for the collection's lock.
      if (updated[i] == 0) {
        fresh.add(rewritten.get(i));
      }
    }
    write(session, INSERT, collection, fresh);
    return records.size();
  }

  private static int[] write(
      Session session, String sql, CollectionRow collection, List<VectorRecord> records) {
    if (records.isEmpty()) {
      return new int[0];
    }
    PreparedBatch batch = session.batch(sql);
    for (VectorRecord record : records) {
      batch
          .bind("now", session.now())
          .bind("collection", collection.id())
          .bind("id", record.id())
          .bind("revision", collection.revision())
          .bind("vector", bytes(record.vector()))
          .bind("metadata", SqlText.meta(record.metadata()))
          .add();
    }
    return batch.execute();
  }

  static List<VectorRecord> lastOfEachId(List<VectorRecord> records) {
    Set<String> seen = new HashSet<>();
    List<VectorRecord> last = new ArrayList<>();
    for (int i = records.size() - 1; i >= 0; i--) {
      if (seen.add(records.get(i).id())) {
        last.add(records.get(i));
      }
    }
    return last;
  }

  private static Set<String> known(
      Session session, CollectionRow collection, List<VectorRecord> records) {
    return new HashSet<>(
        session
            .query(KNOWN)
            .bind("collection", collection.id())
            .bindArray("ids", String.class, records.stream().map(VectorRecord::id).toList())
            .mapTo(String.class)
            .list());
  }

  static int delete(Session session, CollectionRow collection, Collection<String> ids) {
    PreparedBatch batch = session.batch(DELETE);
    for (String id : ids) {
      batch
          .bind("now", session.now())
          .bind("collection", collection.id())
          .bind("revision", collection.revision())
          .bind("id", id)
          .add();
    }
    return Arrays.stream(batch.execute()).sum();
  }

  /**
   * Removes rows that were deleted so long ago that every mirror knows. Reads the whole collection.
   */
  static int forgetDeleted(Session session, long collection) {
    return session
        .update(FORGET_DELETED)
        .bind("collection", collection)
        .bind("delay", -2 * SqlText.micros(VectorMirror.TRUSTED_FOR))
        .execute();
  }

  static boolean drop(Session session, String name) {
    Optional<CollectionRow> row = lock(session, name);
    row.ifPresent(
        collection -> {
          session.update(DROP_VECTORS).bind("collection", collection.id()).execute();
          session.update(DROP).bind("collection", collection.id()).execute();
        });
    return row.isPresent();
  }

  static void changes(Session session, long collection, long after, ChangeSink sink) {
    try (Stream<Change> rows =
        session
            .query(CHANGES)
            .bind("collection", collection)
            .bind("after", after)
            .setFetchSize(FETCH_SIZE)
            .map((row, context) -> change(row))
            .stream()) {
      rows.forEach(change -> sink.accept(change.id(), change.revision(), change.record()));
    }
  }

  static long count(Session session, String name) {
    return find(session, name)
        .map(row -> session.query(COUNT).bind("collection", row.id()).mapTo(Long.class).one())
        .orElse(0L);
  }

  static List<String> names(Session session) {
    return session.query(NAMES).mapTo(String.class).list();
  }

  private record Change(String id, long revision, @Nullable VectorRecord record) {}

  private static Change change(ResultSet row) throws SQLException {
    String id = row.getString("id");
    byte[] vector = row.getBytes("vector");
    VectorRecord record =
        vector == null
            ? null
            : new VectorRecord(id, floats(vector), SqlText.meta(row.getString("metadata")));
    return new Change(id, row.getLong("revision"), record);
  }

  static byte[] bytes(float[] vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return bytes.array();
  }

  static float[] floats(byte[] bytes) {
    float[] vector = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
    return vector;
  }
}
