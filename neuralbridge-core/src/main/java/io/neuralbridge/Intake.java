package io.neuralbridge;

import io.neuralbridge.job.CarriedContext;
import io.neuralbridge.job.JobRequest;
import io.neuralbridge.job.Keyring;
import io.neuralbridge.job.NewJob;
import java.util.function.Function;

/** From requests to jobs as stores take them. */
record Intake(Contexts contexts, Keyring keys) {

  /** The caller's whole context, and no keys. */
  static final Intake PLAIN = new Intake(Contexts.ofMdc(), Keyring.EMPTY);

  /** For requests of the calling thread, which all take along what it has at hand now. */
  Function<JobRequest<?>, NewJob> begin() {
    CarriedContext context = contexts.current();
    return request -> request.toNewJob(keys).with(context);
  }
}
