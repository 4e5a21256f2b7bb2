package io.neuralbridge.embedding;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * That a provider will shut a model down.
 *
 * @param at when it stops to answer, as announced; may have passed
 * @param replacement the model that the provider recommends; null if it names none
 */
public record ModelRetirement(Instant at, @Nullable String replacement) {}
