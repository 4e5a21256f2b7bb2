package io.neuralbridge.embedding;

import java.time.Duration;

/**
 * How a pipeline waits and tries.
 *
 * @param maxWait how long a text waits for others to fill its request
 * @param patience how long a text waits for a rate limit before its submission is stopped
 * @param retries how often a text is sent again after a failure of the provider
 * @param probeInterval how long a provider that needs a person is left alone between two calls
 */
record PipelineSettings(
    Duration maxWait,
    Duration patience,
    int retries,
    int firstConcurrency,
    int maxConcurrency,
    Duration probeInterval,
    BreakerSettings breaker) {}
