package io.neuralbridge;

import io.neuralbridge.job.CarriedContext;
import io.neuralbridge.job.JobRequest;
import io.neuralbridge.job.NewJob;
import java.util.function.Function;

/** From requests to jobs as stores take them. */
record Intake(Contexts contexts) {

  /** The caller's whole context. */
  static final Intake PLAIN = new Intake(Contexts.ofMdc());

  /** For requests of the calling thread, which all take along what it has at hand now. */
  Function<JobRequest<?>, NewJob> begin() {
    CarriedContext context = contexts.current();
    return request -> request.toNewJob().with(context);
  }
}
