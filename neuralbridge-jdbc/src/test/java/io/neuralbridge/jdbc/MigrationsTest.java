package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.neuralbridge.jdbc.JdbcBackend.Migration;
import io.neuralbridge.jdbc.testing.PostgresDatabase;
import io.neuralbridge.job.JobState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class MigrationsTest {

  @RegisterExtension static final PostgresDatabase POSTGRES = new PostgresDatabase();

  @TempDir Path folder;

  @Test
  void openingTwiceMigratesOnceAndKeepsTheJobs() throws SQLException {
    HikariDataSource schema = POSTGRES.newSchema();
    JdbcBackend.of(schema).queue().insert(Jobs.jobs(3));

    assertThat(JdbcBackend.of(schema).queue().counts()).containsEntry(JobState.AVAILABLE, 3L);
  }

  @RepeatedTest(3)
  void nodesThatOpenAtOnceAllFindTheTables() throws Exception {
    HikariDataSource schema = POSTGRES.newSchema();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<?>> opened = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      // Past the lock that serialises one process, as two processes would.
      opened.add(threads.submit(() -> Migrations.migrate(schema, new PostgresDialect())));
    }
    for (Future<?> each : opened) {
      each.get();
    }
    threads.shutdown();

    assertThat(JdbcBackend.of(schema, Migration.NONE).queue().counts()).isNotEmpty();
  }

  @Test
  void ourHistoryStandsBesideTheHosts() throws Exception {
    HikariDataSource schema = POSTGRES.newSchema();
    Flyway host = hostFlyway(schema, "V1__theirs.sql", "CREATE TABLE theirs (id int)");
    host.migrate();

    JdbcBackend.of(schema).queue().insert(Jobs.jobs(1));

    Files.writeString(folder.resolve("V2__more.sql"), "CREATE TABLE more (id int)");
    assertThat(host.migrate().migrationsExecuted).isEqualTo(1);
    assertThat(host.validateWithResult().validationSuccessful).isTrue();
  }

  private Flyway hostFlyway(HikariDataSource schema, String name, String sql) throws IOException {
    Files.writeString(folder.resolve(name), sql);
    return Flyway.configure().dataSource(schema).locations("filesystem:" + folder).load();
  }

  @Test
  void withoutTablesAndWithoutMigrationOpeningSaysWhatToRun() throws SQLException {
    HikariDataSource schema = POSTGRES.newSchema();

    assertThatThrownBy(() -> JdbcBackend.of(schema, Migration.NONE))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("schemaSql(\"postgresql\")");
  }

  @Test
  void aUserWhoMayNotMakeTablesIsToldSoAtOnce() throws SQLException {
    HikariDataSource schema = POSTGRES.newSchema();

    try (HikariDataSource limited = withoutRights(schema)) {
      assertThatThrownBy(() -> JdbcBackend.of(limited))
          .isInstanceOf(DatabaseException.class)
          .hasMessageContaining("this user may not make them: give it CREATE on the schema");
    }
  }

  @Test
  void missingRightsAreNotMistakenForMissingTables() throws SQLException {
    HikariDataSource schema = POSTGRES.newSchema();
    JdbcBackend.of(schema);

    try (HikariDataSource limited = withoutRights(schema)) {
      assertThatThrownBy(() -> JdbcBackend.of(limited, Migration.NONE))
          .isInstanceOf(DatabaseException.class)
          .hasMessageContaining("permission denied");
    }
  }

  /** The same schema, as somebody who may only look at its name. */
  private static HikariDataSource withoutRights(HikariDataSource owner) throws SQLException {
    String schema = owner.getDataSourceProperties().getProperty("currentSchema");
    String role = "role_of_" + schema;
    PostgresDatabase.execute(
        owner, "CREATE ROLE %s; GRANT USAGE ON SCHEMA %s TO %s".formatted(role, schema, role));
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(owner.getJdbcUrl());
    config.addDataSourceProperty("currentSchema", schema);
    config.setConnectionInitSql("SET ROLE " + role);
    config.setMaximumPoolSize(3);
    return new HikariDataSource(config);
  }

  @Test
  void thePrintedSchemaIsTheWholeSchema() throws SQLException {
    HikariDataSource schema = POSTGRES.newSchema();
    PostgresDatabase.execute(schema, JdbcBackend.schemaSql("postgresql"));

    assertThat(JdbcBackend.of(schema, Migration.NONE).queue().insert(Jobs.jobs(1))).hasSize(1);
    assertThatThrownBy(() -> JdbcBackend.schemaSql("oracle"))
        .hasMessage("no schema for 'oracle'; there is one for postgresql and h2");
  }

  @Test
  void everyMigrationIsListedForPrinting() throws Exception {
    for (String database : List.of("postgresql", "h2")) {
      var url = Migrations.class.getResource("migration/" + database);
      try (Stream<Path> files = Files.list(Path.of(url.toURI()))) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .containsExactlyInAnyOrderElementsOf(Migrations.FILES);
      }
    }
  }
}
