package io.neuralbridge;

import static io.neuralbridge.TestWorker.TYPE;

import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.InMemoryQueue;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Transition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CompleterTest {

  private static final int JOBS = 200;

  private final FlakyQueue store = new FlakyQueue(new InMemoryQueue());

  private static Completer.Ended completed(Lease lease) {
    Transition transition =
        new Transition.Finish(lease.job().id(), lease.token(), JobState.COMPLETED, null, null);
    return new Completer.Ended(lease, Outcome.completed(), transition, Duration.ZERO);
  }

  @Test
  void anOutcomeThatIsRefusedHoldsUpNoneOfThoseThatComeWithoutAPause() throws Exception {
    store.insert(IntStream.range(0, JOBS).mapToObj(i -> TYPE.request("x").toNewJob()).toList());
    long node = store.join("node", Duration.ofHours(1));
    Deque<Lease> leases = new ArrayDeque<>(store.claim(new Claim("default", node, JOBS)));
    Lease poison = leases.removeFirst();
    store.refusedOutcomes.add(poison.job().id());
    CountDownLatch written = new CountDownLatch(JOBS - 1);
    Completer[] completer = new Completer[1];
    Events events =
        new Events(
            List.of(
                event -> {
                  if (event instanceof JobEvent.Settled) {
                    written.countDown();
                    addNext(completer[0], leases);
                  }
                }));
    completer[0] = new Completer(store, new Reporter(store, events), events);
    completer[0].add(completed(poison));
    addNext(completer[0], leases);

    completer[0].start();
    try {
      Signals.await(written);
    } finally {
      completer[0].stop();
    }
  }

  private static void addNext(Completer completer, Deque<Lease> leases) {
    Lease next = leases.pollFirst();
    if (next != null) {
      completer.add(completed(next));
    }
  }
}
