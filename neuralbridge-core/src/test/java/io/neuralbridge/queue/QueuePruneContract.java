package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How every {@link Queue} forgets jobs. */
public abstract class QueuePruneContract extends QueueFixture {

  @Test
  void pruneDeletesOldFinalJobsInBoundedSteps() {
    queue.insert(Collections.nCopies(5, job("x")));
    List<Lease> leases = claim(5);
    queue.settle(leases.stream().limit(4).map(QueueFixture::done).toList());
    clock.advance(Duration.ofHours(1));
    queue.settle(List.of(done(leases.get(4))));
    Job waiting = insert(job("y"));
    clock.advance(BLINK);

    assertThat(queue.prune(Duration.ofHours(1), 3)).isEqualTo(3);
    assertThat(queue.prune(Duration.ofHours(1), 3)).isEqualTo(1);
    assertThat(queue.prune(Duration.ofHours(1), 3)).isZero();
    assertThat(queue.find(leases.get(0).job().id())).isEmpty();
    assertThat(queue.find(leases.get(4).job().id())).isPresent();
    assertThat(queue.find(waiting.id())).isPresent();
  }
}
