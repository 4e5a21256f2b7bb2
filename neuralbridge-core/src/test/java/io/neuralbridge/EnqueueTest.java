package io.neuralbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.job.EnqueueFailedException;
import io.neuralbridge.job.Enqueued;
import io.neuralbridge.job.Inserter;
import io.neuralbridge.job.InvalidArgsException;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobRequest;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.job.Unique;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Streams of requests, on their way through a client. */
class EnqueueTest extends EngineTestBase {

  private final NeuralBridge client = builder().build();
  private final List<Integer> batches = new ArrayList<>();
  private final AtomicInteger read = new AtomicInteger();

  @Test
  void aStreamIsStoredInBatchesAsItIsRead() {
    AtomicInteger ahead = new AtomicInteger();
    AtomicInteger stored = new AtomicInteger();
    Inserter watching =
        jobs -> {
          batches.add(jobs.size());
          ahead.accumulateAndGet(read.get() - stored.get(), Math::max);
          stored.addAndGet(jobs.size());
          return store.insert(jobs);
        };

    Enqueued enqueued = client.using(watching).enqueueAll(requests(2_345));

    assertThat(enqueued).isEqualTo(new Enqueued(2_345, 0));
    assertThat(batches).containsExactly(1_000, 1_000, 345);
    assertThat(ahead).as("requests in memory at once").hasValue(1_000);
    assertThat(client.counts()).containsEntry(JobState.AVAILABLE, 2_345L);
  }

  @Test
  void aHundredThousandRequestsNeedTheMemoryOfABatch() {
    long jobs = 100_000;
    Inserter forgetful =
        batch -> {
          batches.add(batch.size());
          return batch.stream().map(EnqueueTest::stored).toList();
        };

    Enqueued enqueued =
        client
            .using(forgetful)
            .enqueueAll(Stream.generate(() -> request("x".repeat(2_000))).limit(jobs));

    assertThat(enqueued.stored()).isEqualTo(jobs);
    assertThat(batches).hasSize(100).containsOnly(1_000);
  }

  @Test
  void batchesOfLargeArgsAreSmaller() {
    Inserter forgetful =
        batch -> {
          batches.add(batch.size());
          return batch.stream().map(EnqueueTest::stored).toList();
        };

    client
        .using(forgetful)
        .enqueueAll(Stream.generate(() -> request("x".repeat(1_000_000))).limit(10));

    assertThat(batches).as("4 million characters each").containsExactly(4, 4, 2);
  }

  private static Job stored(NewJob job) {
    Instant now = Instant.EPOCH;
    return new Job(1, job.spec(), JobState.AVAILABLE, 0, 0, now, now, null, null);
  }

  @Test
  void existingJobsAreCountedApart() {
    Stream<JobRequest<String>> requests =
        IntStream.range(0, 2_500)
            .mapToObj(i -> request("key " + i % 1_500).withUnique(Unique.byArgs()));

    assertThat(client.enqueueAll(requests)).isEqualTo(new Enqueued(1_500, 1_000));
  }

  @Test
  void anEmptyStreamStoresNothing() {
    assertThat(client.enqueueAll(Stream.<JobRequest<String>>empty())).isEqualTo(new Enqueued(0, 0));
  }

  @Test
  void aStreamThatFailsSaysWhatWasStoredAndIsClosed() {
    AtomicBoolean closed = new AtomicBoolean();
    Stream<JobRequest<String>> failing =
        requests(3_000)
            .peek(
                request -> {
                  if (read.get() == 2_100) {
                    throw new IllegalStateException("the source is away");
                  }
                })
            .onClose(() -> closed.set(true));

    assertThatThrownBy(() -> client.enqueueAll(failing))
        .isInstanceOfSatisfying(
            EnqueueFailedException.class,
            e -> assertThat(e.enqueued()).isEqualTo(new Enqueued(2_000, 0)))
        .hasMessageContaining("failed after 2,000 requests, of which 2,000 jobs were stored")
        .hasRootCauseMessage("the source is away");
    assertThat(closed).isTrue();
    assertThat(client.counts()).containsEntry(JobState.AVAILABLE, 2_000L);
  }

  @Test
  void aRequestThatCannotBeStoredEndsTheStream() {
    Stream<JobRequest<String>> requests =
        Stream.of(request("fine"), request("x".repeat(2_000_000)));

    assertThatThrownBy(() -> client.enqueueAll(requests))
        .isInstanceOf(EnqueueFailedException.class)
        .hasCauseInstanceOf(InvalidArgsException.class)
        .hasMessageContaining("failed after 0 requests");
    assertThat(client.counts()).containsEntry(JobState.AVAILABLE, 0L);
  }

  @Test
  void aStoreThatIsAwayEndsTheStream() {
    store.goAway();

    assertThatThrownBy(() -> client.enqueueAll(requests(10)))
        .isInstanceOfSatisfying(
            EnqueueFailedException.class, e -> assertThat(e.enqueued().requests()).isZero())
        .hasRootCauseMessage("the store is away");
  }

  private Stream<JobRequest<String>> requests(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> request("job " + i).withMeta(Map.of("n", "" + i)))
        .peek(request -> read.incrementAndGet());
  }

  private static JobRequest<String> request(String args) {
    return TestWorker.TYPE.request(args);
  }
}
