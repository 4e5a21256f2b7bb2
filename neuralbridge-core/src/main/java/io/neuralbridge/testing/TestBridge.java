package io.neuralbridge.testing;

import io.neuralbridge.Builder;
import io.neuralbridge.Drained;
import io.neuralbridge.NeuralBridge;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobFilter;
import io.neuralbridge.job.JobRequest;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Keyring;
import io.neuralbridge.queue.InMemoryQueue;
import io.neuralbridge.schedule.InMemoryScheduler;
import io.neuralbridge.worker.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A {@link NeuralBridge} for the tests of an application: its jobs are in memory, its time stands
 * still until the test moves it, and nothing runs but in the test's own thread, when the test says
 * so. Nothing is to be waited for.
 *
 * <pre>{@code
 * try (TestBridge bridge = TestBridge.of(new WelcomeWorker(mails))) {
 *   new Registration(bridge.jobs()).register("ada@example.org");
 *
 *   assertThat(bridge.args(WelcomeWorker.TYPE)).containsExactly(new Welcome("ada@example.org"));
 *   assertThat(bridge.drain().count(JobState.COMPLETED)).isEqualTo(1);
 *   assertThat(mails).hasSize(1);
 *
 *   bridge.advance(Duration.ofDays(1)); // and runs what becomes due, each when it is
 * }
 * }</pre>
 *
 * <p>For one test at a time; what it gives out is as thread-safe as ever.
 */
public final class TestBridge implements AutoCloseable {

  /** Where the clock stands at first: a Thursday, a winter's noon in UTC. */
  public static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

  private static final String INLINE = "inline";

  private final VirtualClock clock = new VirtualClock(START);
  private final InMemoryQueue queue = new InMemoryQueue(clock);
  private final InMemoryScheduler scheduler = new InMemoryScheduler(queue, clock);
  private final NeuralBridge bridge;

  private TestBridge(Consumer<Builder> setUp) {
    Builder builder = NeuralBridge.builder();
    setUp.accept(builder);
    bridge = builder.store(queue).scheduler(scheduler).build();
  }

  /** A bridge with these workers, and defaults for all else. */
  public static TestBridge of(Worker<?>... workers) {
    return of(builder -> Arrays.asList(workers).forEach(builder::worker));
  }

  /**
   * A bridge that is set up as the application sets up its own, but for its stores, which are
   * replaced.
   */
  public static TestBridge of(Consumer<Builder> setUp) {
    return new TestBridge(setUp);
  }

  /** The bridge itself, to be handed to what is tested. It must not be started. */
  public NeuralBridge jobs() {
    return bridge;
  }

  /** The time of the jobs. Moving it runs nothing; see {@link #advance}. */
  public VirtualClock clock() {
    return clock;
  }

  /**
   * Runs what is due, and what that enqueues, until nothing is due.
   *
   * @param queues which queues, in this order; none means all that the bridge runs, by name
   * @see NeuralBridge#drain
   */
  public Drained drain(String... queues) {
    return bridge.drain(queues);
  }

  /**
   * Moves the clock on, from one time at which something is due to the next, and runs it then:
   * delayed jobs, retries, recurring jobs.
   *
   * @return what ran
   * @throws IllegalArgumentException if {@code duration} is negative
   */
  public Drained advance(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("jobs run forward in time only: " + duration);
    }
    Instant end = clock.instant().plus(duration);
    List<Job> ran = new ArrayList<>(drain().jobs());
    Optional<Duration> next = untilNext();
    while (next.isPresent() && !clock.instant().plus(next.get()).isAfter(end)) {
      clock.advance(next.get());
      ran.addAll(drain().jobs());
      next = untilNext();
    }
    clock.advance(Duration.between(clock.instant(), end));
    return new Drained(ran);
  }

  private Optional<Duration> untilNext() {
    return Stream.concat(
            waiting(null)
                .map(Job::queue)
                .distinct()
                .flatMap(name -> queue.untilNextDue(name).stream()),
            scheduler.untilNextFire().stream())
        .filter(delay -> delay.compareTo(Duration.ZERO) > 0)
        .min(Comparator.naturalOrder());
  }

  /**
   * Runs one job at once, before all others and whenever it is due: until it is final, or has to
   * wait for its next attempt. It runs from the queue {@code inline}.
   *
   * @return the job as it stands then, with its {@linkplain Job#result result}; {@code
   *     jobs().errors(job.id())} tells what went wrong
   */
  public <A> Job run(JobRequest<A> request) {
    JobType<A> inline = request.type().withQueue(INLINE).withoutUnique();
    Job job =
        bridge.enqueue(
            new JobRequest<>(inline, request.args(), request.options()).in(Duration.ZERO));
    drain(INLINE);
    return bridge.find(job.id()).orElse(job);
  }

  /** The jobs of a type that are not final, first enqueued first. */
  public List<Job> enqueued(JobType<?> type) {
    return waiting(type.kind()).sorted(Comparator.comparing(Job::id)).toList();
  }

  /** The arguments of {@link #enqueued}. */
  public <A> List<A> args(JobType<A> type) {
    return args(type, Keyring.EMPTY);
  }

  /** The same, of a type {@linkplain JobType#withEncryptedArgs with encrypted args}. */
  public <A> List<A> args(JobType<A> type, Keyring keys) {
    return enqueued(type).stream().map(job -> type.decode(job.spec().args(), keys)).toList();
  }

  private Stream<Job> waiting(@Nullable String kind) {
    JobFilter live =
        JobFilter.all()
            .withStates(
                Arrays.stream(JobState.values())
                    .filter(state -> !state.isFinal())
                    .toArray(JobState[]::new));
    return bridge.select(kind == null ? live : live.withKinds(kind)).stream();
  }

  @Override
  public void close() {
    bridge.close();
  }
}
