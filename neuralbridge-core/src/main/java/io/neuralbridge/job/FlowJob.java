package io.neuralbridge.job;

import org.jspecify.annotations.Nullable;

/**
 * A job of a flow, in short.
 *
 * @param name what it is called in the flow, or null
 * @param callback what it waits for if it is a callback, or null
 */
public record FlowJob(
    long id, @Nullable String name, @Nullable FlowEvent callback, String kind, JobState state) {}
