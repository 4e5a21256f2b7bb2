package io.neuralbridge.knowledge;

/**
 * What an ingestion found.
 *
 * @param document the document's name
 * @param chunks how many chunks it has now
 * @param added how many of them are new and wait for their vector
 * @param unchanged how many were there before, with what they have
 * @param replacedCharacters characters that cannot be stored, NUL for one, and were replaced by
 *     U+FFFD
 */
public record Ingestion(
    String document, int chunks, int added, int unchanged, int replacedCharacters) {}
