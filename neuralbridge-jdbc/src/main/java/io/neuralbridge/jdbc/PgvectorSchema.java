package io.neuralbridge.jdbc;

import java.util.stream.Collectors;

/** What a host that applies the schema itself needs to know of pgvector. */
final class PgvectorSchema {

  private static final String INTRODUCTION =
      """
      -- Once, by somebody who may install extensions:
      """;

  private static final String LATER =
      """
      -- The application's user needs CREATE on its schema. It runs for each collection, whose number
      -- is :id and whose vectors have :dimensions (above 2,000 the index holds half precision), at
      -- the first write:
      %s
      -- and, once the collection is large enough, outside of transactions:
      %s""";

  static final String SQL =
      INTRODUCTION
          + PgvectorExtension.CREATE.strip()
          + ";\n\n"
          + LATER.formatted(
              comment(PgvectorStatements.CREATE_TABLE),
              comment(PgvectorIndexes.CREATE_FOR_METADATA + PgvectorIndexes.CREATE));

  private PgvectorSchema() {}

  private static String comment(String template) {
    PgvectorTable table = new PgvectorTable(0, "", 0, true, false);
    return template
        .replace("<metadataIndex>", "nb_pgvector_:id_metadata")
        .replace("<index>", "nb_pgvector_:id_hnsw")
        .replace("<table>", "nb_pgvector_:id")
        .replace("<dimensions>", ":dimensions")
        .replace("<indexed>", table.indexed("embedding"))
        .replace("<operators>", table.operatorClass())
        .lines()
        .map(line -> "--   " + line)
        .collect(Collectors.joining("\n", "", "\n"));
  }
}
