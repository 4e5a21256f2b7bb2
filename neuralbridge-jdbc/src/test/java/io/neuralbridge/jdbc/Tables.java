package io.neuralbridge.jdbc;

import io.neuralbridge.jdbc.testing.PostgresDatabase;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** Empties our tables between tests; faster than a schema a test. */
final class Tables {

  private static final List<String> ALL =
      List.of(
          "nb_node",
          "nb_job",
          "nb_job_unique",
          "nb_job_args",
          "nb_job_history",
          "nb_job_error",
          "nb_queue",
          "nb_queue_node",
          "nb_job_link",
          "nb_job_news",
          "nb_flow",
          "nb_flow_job",
          "nb_flow_callback",
          "nb_chain",
          "nb_leader",
          "nb_job_progress",
          "nb_job_log",
          "nb_document",
          "nb_chunk",
          "nb_chunk_text",
          "nb_generation",
          "nb_embedding",
          "nb_vector_collection",
          "nb_vector",
          "nb_schedule",
          "nb_schedule_run",
          "nb_embedding_cache",
          "nb_rate_bucket",
          "nb_usage");

  private Tables() {}

  static void clear(DataSource dataSource) throws SQLException {
    for (String table : ALL) {
      PostgresDatabase.execute(dataSource, "DELETE FROM " + table);
    }
  }
}
