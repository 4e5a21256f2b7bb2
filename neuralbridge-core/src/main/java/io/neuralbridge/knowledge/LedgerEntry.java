package io.neuralbridge.knowledge;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a chunk's vector in one generation.
 *
 * @param position 0 for the document's first chunk
 * @param contentHash SHA-256 of the embedded text, in hexadecimal; the same text has the same hash
 *     in whatever document it stands
 * @param tokens the chunk's share of what the provider counted; 0 if it counts none, or there is no
 *     vector
 * @param attempts how often embedding it was begun
 * @param error why the last attempt failed; null if it did not
 * @param embeddedAt when the vector was stored; null if there is none
 */
public record LedgerEntry(
    String chunkId,
    String document,
    int position,
    String contentHash,
    long generation,
    String modelId,
    EmbeddingStatus status,
    int tokens,
    int attempts,
    @Nullable String error,
    @Nullable Instant embeddedAt) {}
