package io.neuralbridge.knowledge;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobClient;
import io.neuralbridge.job.JobState;

/**
 * The right to embed a document, which one job has at a time: two would embed every chunk twice. A
 * holder that no longer runs has lost its right.
 */
final class DocumentLocks {

  private final KnowledgeStore store;
  private final JobClient jobs;

  DocumentLocks(KnowledgeStore store, JobClient jobs) {
    this.store = store;
    this.jobs = jobs;
  }

  boolean lock(String document, long job) {
    long holder = store.lock(document, job, KnowledgeStore.NOBODY);
    if (holder != job && !isRunning(holder)) {
      holder = store.lock(document, job, holder);
    }
    return holder == job;
  }

  private boolean isRunning(long job) {
    return jobs.find(job).map(Job::state).filter(JobState.EXECUTING::equals).isPresent();
  }

  void unlock(String document, long job) {
    store.unlock(document, job);
  }
}
