package io.neuralbridge.jdbc;

import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Transition;
import java.util.Collections;
import java.util.List;

/** The jobs that tests here work with. */
final class Jobs {

  static final JobType<String> TYPE = JobType.of("work", String.class);

  private Jobs() {}

  static NewJob job() {
    return TYPE.request("x").toNewJob();
  }

  static List<NewJob> jobs(int count) {
    return Collections.nCopies(count, job());
  }

  static Transition done(Lease lease) {
    return new Transition.Finish(lease.job().id(), lease.token(), JobState.COMPLETED, null, null);
  }
}
