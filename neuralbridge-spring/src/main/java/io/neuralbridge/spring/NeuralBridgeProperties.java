package io.neuralbridge.spring;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code neuralbridge.*}. What is not set keeps the default of {@link io.neuralbridge.Builder}.
 *
 * @param enabled whether this node runs jobs; without, it only enqueues
 * @param queues limits by queue, beside or instead of the defaults: {@code
 *     neuralbridge.queues.embeddings=8}
 * @param nodeName what people read in lists of nodes
 * @param pollInterval how long a job of another process may wait unseen
 * @param shutdownGrace how long running jobs may go on when the application stops
 * @param retention how long final jobs are kept
 */
@ConfigurationProperties("neuralbridge")
public record NeuralBridgeProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue Map<String, Integer> queues,
    @Nullable String nodeName,
    @Nullable Duration pollInterval,
    @Nullable Duration shutdownGrace,
    @Nullable Duration retention) {}
