package io.neuralbridge.knowledge;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A document as it was last ingested, whole.
 *
 * @param name unique; ingesting under a name that exists replaces that document
 * @param run the number of the ingestion that brought it, growing with each
 * @param fingerprint changes with the content, its metadata and the way it is cut
 * @param chunks how many chunks it has
 * @param embeddedAt when all its chunks were last embedded, null before
 */
public record Document(
    String name,
    long run,
    String fingerprint,
    int chunks,
    Instant ingestedAt,
    @Nullable Instant embeddedAt) {}
