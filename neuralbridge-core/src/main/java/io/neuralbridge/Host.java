package io.neuralbridge;

import io.neuralbridge.job.Keyring;
import io.neuralbridge.retry.RecoveryRule;
import io.neuralbridge.worker.JobInterceptor;
import io.neuralbridge.worker.Worker;
import java.util.List;
import java.util.Map;

/**
 * What the host application brings to a run.
 *
 * @param workers by kind
 * @param rules in the order in which they are asked
 * @param interceptors from the outermost to the innermost
 * @param keys open encrypted arguments
 */
record Host(
    Map<String, Worker<?>> workers,
    List<RecoveryRule> rules,
    List<JobInterceptor> interceptors,
    Keyring keys) {

  Host {
    workers = Map.copyOf(workers);
    rules = List.copyOf(rules);
    interceptors = List.copyOf(interceptors);
  }
}
