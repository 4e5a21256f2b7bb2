package io.neuralbridge.embedding;

/**
 * What an {@link EmbeddingPipeline} has done since it was built, and does now.
 *
 * @param texts handed in
 * @param firstTierHits answered from this process's memory
 * @param secondTierHits answered from the second tier; each is a text, however many asked for it
 * @param shared answered by a call that another text of the same content made
 * @param embedded returned by the model
 * @param calls of the model
 * @param inputTokens that the provider counted
 * @param evictions from the first tier
 * @param firstTierBytes that the first tier holds, about
 * @param waiting texts that wait for a call now
 * @param running calls that run now
 * @param concurrency calls that may run at once now
 */
public record PipelineStats(
    long texts,
    long firstTierHits,
    long secondTierHits,
    long shared,
    long embedded,
    long calls,
    long inputTokens,
    long evictions,
    long firstTierBytes,
    int waiting,
    int running,
    int concurrency) {}
