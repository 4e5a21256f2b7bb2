package io.neuralbridge.examples.bench;

import io.neuralbridge.jdbc.JdbcBackend;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** A job queue under test, with tables of its own. Every job carries one number, and only that. */
interface QueueContestant extends AutoCloseable {

  /** How many jobs run at once. */
  int WORKERS = 20;

  /** What a contestant's workers tell. Called by many threads. */
  interface Handler {

    /** A worker begins with a job. */
    void started(long number);

    /** So many jobs are done with, in the store too. */
    void finished(int jobs);
  }

  /** All of them, the ceiling first. */
  List<String> NAMES =
      List.of(PlainJdbcContestant.NAME, BridgeContestant.NAME, DbSchedulerContestant.NAME);

  /** A contestant by its name, on tables that are there. */
  static QueueContestant of(String name, DataSource dataSource) {
    return switch (name) {
      case PlainJdbcContestant.NAME -> new PlainJdbcContestant(dataSource);
      case BridgeContestant.NAME -> new BridgeContestant(dataSource);
      case DbSchedulerContestant.NAME -> new DbSchedulerContestant(dataSource);
      default -> throw new IllegalArgumentException("no contestant '" + name + "'");
    };
  }

  /** Makes the tables of all of them. */
  static void makeTables(DataSource dataSource) throws SQLException {
    BenchDatabase.execute(dataSource, PlainJdbcContestant.SCHEMA);
    BenchDatabase.execute(dataSource, JdbcBackend.schemaSql("postgresql"));
    BenchDatabase.execute(dataSource, DbSchedulerContestant.SCHEMA);
  }

  String name();

  /** Its tables. */
  List<String> tables();

  /** Puts jobs 0 to {@code jobs - 1} in, in the fastest way that it offers. */
  void insert(int jobs);

  /** Puts one job in. */
  void insertOne(long number);

  /** Runs jobs with {@link #WORKERS} workers until it is closed. */
  AutoCloseable work(Handler handler);

  @Override
  void close();
}
