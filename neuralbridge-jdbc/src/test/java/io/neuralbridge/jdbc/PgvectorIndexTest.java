package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.neuralbridge.jdbc.JdbcBackend.Pgvector;
import io.neuralbridge.jdbc.testing.PgvectorDatabase;
import io.neuralbridge.jdbc.testing.PostgresDatabase;
import io.neuralbridge.vector.ExactVectorStore;
import io.neuralbridge.vector.VectorFilter;
import io.neuralbridge.vector.VectorMatch;
import io.neuralbridge.vector.VectorQuery;
import io.neuralbridge.vector.VectorRecord;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The index: when it is built, what searches it and how much they find. */
class PgvectorIndexTest {

  private static final int CLUSTERS = 40;
  private static final String DOCS = "docs";

  @RegisterExtension static final PgvectorDatabase PGVECTOR = new PgvectorDatabase();

  private final List<PgvectorStore> stores = new ArrayList<>();
  private final Random random = new Random(20261124);

  @AfterEach
  void clean() {
    stores.forEach(PgvectorStore::close);
    PgvectorStore store = store(Integer.MAX_VALUE);
    store.collections().forEach(store::drop);
  }

  @Test
  void aFilteredSearchOfTheIndexFindsAsManyAsAskedForAndNearlyAllOfTheNearest() {
    List<VectorRecord> records = clustered(4_000, 64);
    PgvectorStore store = store(1_000);
    store.upsert(DOCS, records);
    awaitIndex(DOCS);
    ExactVectorStore exact = new ExactVectorStore();
    exact.upsert(DOCS, records);

    for (VectorFilter filter :
        List.of(
            VectorFilter.all(),
            VectorFilter.eq("tenth", "3"),
            VectorFilter.eq("hundredth", "33"),
            VectorFilter.not(VectorFilter.eq("tenth", "3")))) {
      assertThat(recall(store, exact, filter)).as("%s", filter).isGreaterThanOrEqualTo(0.95);
    }
  }

  @Test
  void whatTheIndexGivesTooFewOfIsSearchedExactly() {
    PgvectorStore store = store(500);
    List<VectorRecord> records = clustered(2_000, 32);
    store.upsert(DOCS, records);
    awaitIndex(DOCS);

    assertThat(store.search(DOCS, VectorQuery.of(records.get(0).vector(), 5_000))).hasSize(2_000);
    VectorFilter one = VectorFilter.eq("number", "1234");
    assertThat(store.search(DOCS, new VectorQuery(records.get(0).vector(), 10, one)))
        .extracting(VectorMatch::id)
        .containsExactly("id1234");
  }

  @Test
  void thePlanOfALargeCollectionUsesTheIndex() throws SQLException {
    PgvectorStore store = store(1_000);
    store.upsert(DOCS, clustered(4_000, 64));
    awaitIndex(DOCS);

    assertThat(explain(PgvectorStatements.INDEXED)).contains("_hnsw");
    assertThat(explain(PgvectorStatements.EXACT)).doesNotContain("_hnsw");
  }

  @Test
  void longVectorsAreIndexedInHalfPrecisionAndOrderedByFull() {
    List<VectorRecord> records = clustered(120, 3_072);
    PgvectorStore store = store(100);
    store.upsert(DOCS, records);
    awaitIndex(DOCS);
    ExactVectorStore exact = new ExactVectorStore();
    exact.upsert(DOCS, records);

    assertThat(explain(PgvectorStatements.INDEXED)).contains("_hnsw");
    assertThat(recall(store, exact, VectorFilter.all())).isGreaterThanOrEqualTo(0.95);
    VectorMatch same = store.search(DOCS, VectorQuery.of(records.get(7).vector(), 1)).get(0);
    assertThat(same.id()).isEqualTo("id7");
    assertThat(1 - same.score()).isLessThan(1e-6f);
  }

  @Test
  void whatIsTooLongForAnIndexIsSearchedWithoutAndWhatIsTooLongForPgvectorElsewhere() {
    PgvectorStore store = store(2);
    for (int dimensions : List.of(4_001, 16_000, 16_001)) {
      List<VectorRecord> records = clustered(5, dimensions);
      String collection = "c" + dimensions;
      store.upsert(collection, records);

      assertThat(store.search(collection, VectorQuery.of(records.get(3).vector(), 1)))
          .extracting(VectorMatch::id)
          .containsExactly("id3");
      assertThat(table(collection).own()).isEqualTo(dimensions <= 16_000);
      assertThat(store.delete(collection, List.of("id3", "id4"))).isEqualTo(2);
      assertThat(store.count(collection)).isEqualTo(3);
    }
    assertThat(store.collections()).containsExactly("c16000", "c16001", "c4001");
    assertThat(store.drop("c16001")).isTrue();
    assertThat(store.drop("c16000")).isTrue();
  }

  @Test
  void aHalfBuiltIndexIsDroppedAndBuiltAnew() throws SQLException {
    store(Integer.MAX_VALUE).upsert(DOCS, clustered(300, 8));
    PgvectorTable table = table(DOCS);
    // Fails on the second row, and leaves an index that cannot be used, as a crash does.
    String halfBuilt =
        "CREATE UNIQUE INDEX CONCURRENTLY %s ON %s ((1))".formatted(table.index(), table.table());
    assertThatThrownBy(() -> PostgresDatabase.execute(dataSource(), halfBuilt))
        .isInstanceOf(SQLException.class);
    assertThat(table(DOCS).indexed()).isFalse();

    PgvectorStore another = store(100);
    another.search(DOCS, VectorQuery.of(clustered(1, 8).get(0).vector(), 1));

    awaitIndex(DOCS);
    assertThat(another.count(DOCS)).isEqualTo(300);
  }

  @Test
  void aCollectionIsIndexedOnceItHasGrownLargeEnoughAndTakesMoreThen() {
    PgvectorStore store = store(100);
    store.upsert(DOCS, clustered(99, 8));
    store.search(DOCS, VectorQuery.of(clustered(1, 8).get(0).vector(), 1));
    assertThat(table(DOCS).indexed()).isFalse();

    store.upsert(DOCS, clustered(120, 8));

    awaitIndex(DOCS);
    store.upsert(DOCS, clustered(150, 8));
    assertThat(store.count(DOCS)).isEqualTo(150);
  }

  @Test
  void aDroppedCollectionLeavesNothing() throws SQLException {
    PgvectorStore store = store(100);
    store.upsert(DOCS, clustered(200, 8));
    awaitIndex(DOCS);

    store.drop(DOCS);

    List<String> left =
        database()
            .run(
                session ->
                    session
                        .query("SELECT relname FROM pg_class WHERE relname LIKE 'nb_pgvector%'")
                        .mapTo(String.class)
                        .list());
    assertThat(left).isEmpty();
  }

  @Test
  void aRecordThatIsWrittenAgainUnchangedIsNoNewVersionOfItsRow() {
    PgvectorStore store = store(Integer.MAX_VALUE);
    List<VectorRecord> records = clustered(50, 8);
    store.upsert(DOCS, records);
    List<String> before = versions();
    store.upsert(DOCS, records);

    assertThat(versions()).isEqualTo(before);
  }

  private List<String> versions() {
    String table = table(DOCS).table();
    return database()
        .run(
            session ->
                session
                    .query("SELECT id || ctid FROM <table> ORDER BY id")
                    .define("table", table)
                    .mapTo(String.class)
                    .list());
  }

  private double recall(PgvectorStore store, ExactVectorStore exact, VectorFilter filter) {
    int found = 0;
    int wanted = 0;
    for (int i = 0; i < 50; i++) {
      int dimensions = table(DOCS).dimensions();
      VectorQuery query = new VectorQuery(near(random.nextInt(CLUSTERS), dimensions), 10, filter);
      List<VectorMatch> matches = store.search(DOCS, query);
      List<VectorMatch> truth = exact.search(DOCS, query);
      assertThat(matches).hasSameSizeAs(truth);
      assertThat(matches).allSatisfy(m -> assertThat(filter.test(m.metadata())).isTrue());
      Set<String> ids = new HashSet<>(matches.stream().map(VectorMatch::id).toList());
      found += (int) truth.stream().filter(m -> ids.contains(m.id())).count();
      wanted += truth.size();
    }
    return (double) found / wanted;
  }

  private List<VectorRecord> clustered(int count, int dimensions) {
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      records.add(
          new VectorRecord(
              "id" + i,
              near(i % CLUSTERS, dimensions),
              Map.of("number", "" + i, "tenth", "" + i / 7 % 10, "hundredth", "" + i / 7 % 100)));
    }
    return records;
  }

  private float[] near(int cluster, int dimensions) {
    Random centre = new Random(cluster);
    float[] vector = new float[dimensions];
    for (int i = 0; i < dimensions; i++) {
      vector[i] = (float) (centre.nextGaussian() + 0.5 * random.nextGaussian());
    }
    return vector;
  }

  private String explain(String sql) {
    PgvectorTable table = table(DOCS);
    return database()
        .run(
            session -> {
              PgvectorStatements.findToSearch(session, DOCS, 100);
              return String.join(
                  "\n",
                  PgvectorStatements.query(
                          session,
                          "EXPLAIN " + sql,
                          table,
                          VectorQuery.of(near(1, table.dimensions()), 10))
                      .mapTo(String.class)
                      .list());
            });
  }

  private PgvectorTable table(String collection) {
    return database().run(session -> PgvectorStatements.find(session, collection).orElseThrow());
  }

  private static void awaitIndex(String collection) {
    Database database = database();
    Eventually.isTrue(
        "the index is built",
        () ->
            database
                .run(session -> PgvectorStatements.find(session, collection).orElseThrow())
                .indexed());
  }

  private PgvectorStore store(int indexFrom) {
    Database database = database();
    PgvectorStore store =
        new PgvectorStore(
            database,
            new JdbcVectorStore(database),
            Pgvector.DEFAULT.indexFrom(indexFrom),
            Duration.ZERO);
    stores.add(store);
    return store;
  }

  private static Database database() {
    return new Database(dataSource(), new PostgresDialect(), null, false, false);
  }

  private static HikariDataSource dataSource() {
    return PGVECTOR.dataSource();
  }
}
