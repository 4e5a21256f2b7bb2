package io.neuralbridge.embedding;

import java.util.List;
import java.util.Map;

/**
 * A request that a {@link StubEmbeddingServer} got, and how it answered.
 *
 * @param number from 1, in the order of arrival
 * @param texts as they were sent
 * @param fields the other fields of the body, by name
 * @param headers by name, in lower case
 * @param status what it was answered with; 0 while it is not
 */
public record StubCall(
    int number,
    String method,
    String path,
    List<String> texts,
    Map<String, Object> fields,
    Map<String, String> headers,
    int status) {

  StubCall answered(int status) {
    return new StubCall(number, method, path, texts, fields, headers, status);
  }

  /** Whether its texts were embedded, and so paid for. */
  public boolean succeeded() {
    return status == 200;
  }
}
