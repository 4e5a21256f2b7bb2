package io.neuralbridge;

import io.neuralbridge.job.Outcome;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.JobInterceptor;
import java.util.List;
import java.util.Objects;

/** Interceptors around a run's work, the first one outermost. */
final class Interception {

  private Interception() {}

  static Outcome run(
      List<JobInterceptor> interceptors, JobContext<?> context, JobInterceptor.Work work)
      throws Exception {
    return from(0, interceptors, context, work);
  }

  private static Outcome from(
      int next, List<JobInterceptor> all, JobContext<?> context, JobInterceptor.Work work)
      throws Exception {
    if (next == all.size()) {
      return work.proceed();
    }
    JobInterceptor interceptor = all.get(next);
    return Objects.requireNonNull(
        interceptor.intercept(context, () -> from(next + 1, all, context, work)),
        () -> "interceptor %s returned null instead of an outcome".formatted(interceptor));
  }
}
