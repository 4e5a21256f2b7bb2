package io.neuralbridge.vector;

import java.util.Map;

/**
 * One record that a search found.
 *
 * @param score cosine similarity to the query, -1 to 1
 */
public record VectorMatch(String id, float score, Map<String, String> metadata) {}
