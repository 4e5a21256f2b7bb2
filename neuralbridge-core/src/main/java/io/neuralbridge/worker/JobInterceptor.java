package io.neuralbridge.worker;

import io.neuralbridge.job.Outcome;

/**
 * Stands around every run on a node: to measure it, to open what its worker needs and close it
 * again, to continue a trace, to refuse it. The one that was added first is the outermost.
 *
 * <p>Called in the run's own thread, within its timeout and its logging context, for jobs that are
 * about to be worked on: not for those of an unknown kind, or that were cancelled or past their
 * deadline before they began. One instance stands around many runs at once.
 *
 * <pre>{@code
 * builder.interceptor((context, work) -> {
 *   try (Tenant tenant = tenants.enter(context.job().spec().share().key())) {
 *     return work.proceed();
 *   }
 * });
 * }</pre>
 */
@FunctionalInterface
public interface JobInterceptor {

  /**
   * Runs the job, or decides otherwise.
   *
   * @return what becomes of the job: what {@code work} returned, or another outcome
   * @throws Exception the attempt failed; what {@code work} threw should be thrown on, or wrapped
   *     with it as the cause
   */
  Outcome intercept(JobContext<?> context, Work work) throws Exception;

  /** What is left of a run: the interceptors further in, and the worker. */
  @FunctionalInterface
  interface Work {

    /**
     * Goes on with the run. Whoever calls it twice has the worker do its work twice; whoever never
     * does keeps it from working.
     *
     * @throws Exception the attempt failed, also because the stored arguments could not be read
     */
    Outcome proceed() throws Exception;
  }
}
