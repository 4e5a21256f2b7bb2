package io.neuralbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Keyring;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.job.Unique;
import io.neuralbridge.schedule.Recurring;
import io.neuralbridge.schedule.Schedule;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Encrypted arguments, from who enqueues to the worker. */
class EncryptionTest extends EngineTestBase {

  private static final JobType<String> OPEN = JobType.of("mail", String.class).withMaxAttempts(2);
  private static final JobType<String> SEALED = OPEN.withEncryptedArgs();
  private static final String SECRET = "somebody@example.org";
  private static final byte[] ONE = key(1);
  private static final byte[] TWO = key(2);

  private final List<String> mailed = new CopyOnWriteArrayList<>();
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

  private static byte[] key(int seed) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) seed);
    return key;
  }

  @BeforeEach
  void listen() {
    logged.start();
    root.addAppender(logged);
  }

  @AfterEach
  void listenNoMore() {
    root.detachAppender(logged);
  }

  private TestWorker<String> worker(JobType<String> type) {
    return TestWorker.of(
        type,
        context -> {
          mailed.add(context.args());
          return Outcome.completed();
        });
  }

  private Builder node(Keyring keys) {
    return builder(worker(SEALED)).encryption(keys);
  }

  private Job enqueue(Keyring keys) {
    try (NeuralBridge client = builder().encryption(keys).build()) {
      return client.enqueue(SEALED.request(SECRET));
    }
  }

  private JobError error(Job job) {
    return store.errors(job.id()).get(0);
  }

  @Test
  void theWorkerReadsWhatTheStoreCannot() {
    NeuralBridge bridge = start(node(Keyring.of("k1", ONE)));

    Job job = bridge.enqueue(SEALED.request(SECRET));

    assertThat(signals.settled(job).state()).isEqualTo(JobState.COMPLETED);
    assertThat(mailed).containsExactly(SECRET);
    assertThat(find(job).toString()).contains("k1").doesNotContain(SECRET);
    assertThat(signals.settled(job).toString()).doesNotContain(SECRET);
  }

  @Test
  void afterARotationJobsOfBothKeysRun() {
    Job old = enqueue(Keyring.of("k1", ONE));
    NeuralBridge bridge = start(node(Keyring.of("k2", TWO).withOther("k1", ONE)));

    Job fresh = bridge.enqueue(SEALED.request("new"));

    assertThat(signals.settled(old).state()).isEqualTo(JobState.COMPLETED);
    assertThat(signals.settled(fresh).state()).isEqualTo(JobState.COMPLETED);
    assertThat(find(fresh).spec().args()).contains("\"k2\"");
    assertThat(mailed).containsExactlyInAnyOrder(SECRET, "new");
  }

  @Test
  void aJobWhoseKeyIsMissingWaitsForANodeThatHasIt() {
    Job job = enqueue(Keyring.of("k2", TWO));
    Job neighbour = enqueue(Keyring.of("k1", ONE));
    NeuralBridge lacking = start(node(Keyring.of("k1", ONE)));

    signals.settled(job);
    signals.settled(neighbour);
    assertThat(error(job).code()).isEqualTo("missing_key");
    assertThat(error(job).message()).contains("'k2'").contains("[k1]").contains("deploy the key");
    assertThat(find(job).attempt()).isZero();
    assertThat(find(job).runAt()).isEqualTo(clock.instant().plus(Duration.ofMinutes(1)));
    assertThat(stateOf(neighbour)).isEqualTo(JobState.COMPLETED);

    lacking.close();
    clock.advance(Duration.ofMinutes(1));
    start(node(Keyring.of("k1", ONE).withOther("k2", TWO)));
    assertThat(signals.settled(job, 2).state()).isEqualTo(JobState.COMPLETED);
    assertThat(mailed).hasSize(2);
  }

  @Test
  void anotherKeyOfTheSameIdUsesUpNoAttemptEither() {
    Job job = enqueue(Keyring.of("k1", ONE));
    start(node(Keyring.of("k1", TWO)));

    signals.settled(job);

    assertThat(error(job).code()).isEqualTo("wrong_key");
    assertThat(find(job).attempt()).isZero();
    assertThat(mailed).isEmpty();
  }

  @Test
  void jobsFromBeforeAndAfterEncryptionRun() {
    try (NeuralBridge before = builder().build()) {
      before.enqueue(OPEN.request("before"));
    }
    NeuralBridge during = start(node(Keyring.of("k1", ONE)));
    signals.settledAll(1);
    during.close();
    enqueue(Keyring.of("k1", ONE));

    start(builder(worker(OPEN)).encryption(Keyring.of("k1", ONE)));

    signals.settledAll(2);
    assertThat(mailed).containsExactly("before", SECRET);
  }

  @Test
  void whatCannotBeReadIsNeitherStoredNorLoggedInTheOpen() {
    Job job = enqueue(Keyring.of("k1", ONE));
    JobType<Integer> numbers = JobType.of("mail", Integer.class).withEncryptedArgs();
    start(
        builder(TestWorker.of(numbers, context -> Outcome.completed()))
            .encryption(Keyring.of("k1", ONE)));

    signals.settled(job);

    assertThat(find(job).runAt()).as("parked").isAfter(clock.instant());
    assertThat(error(job).code()).isEqualTo("invalid_args");
    assertThat(error(job).message()).contains("not a Integer").contains("deploy a worker");
    assertThat(store.errors(job.id()).toString()).doesNotContain(SECRET);
    assertThat(signals.all(JobEvent.class).toString()).doesNotContain(SECRET);
    assertThat(everythingLogged()).contains("failed in attempt 1").doesNotContain(SECRET);
  }

  private String everythingLogged() {
    StringBuilder all = new StringBuilder();
    for (ILoggingEvent event : List.copyOf(logged.list)) {
      all.append(event.getFormattedMessage()).append('\n');
      if (event.getThrowableProxy() != null) {
        all.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
      }
    }
    return all.toString();
  }

  @Test
  void uniqueJobsStayUniqueOverARotation() {
    JobType<String> unique = SEALED.withUnique(Unique.byArgs());
    Keyring before = Keyring.of("k1", ONE).withUniqueKey(TWO);
    Keyring after = Keyring.of("k2", TWO).withOther("k1", ONE).withUniqueKey(TWO);
    try (NeuralBridge first = builder().encryption(before).build();
        NeuralBridge second = builder().encryption(after).build()) {
      Job job = first.enqueue(unique.request(SECRET));

      assertThat(second.enqueue(unique.request(SECRET)).id()).isEqualTo(job.id());
      assertThat(second.enqueue(unique.request("another")).existing()).isFalse();
    }
  }

  @Test
  void whatCannotBeEncryptedIsRefused() {
    try (NeuralBridge keyless = builder().build()) {
      assertThatThrownBy(() -> keyless.enqueue(SEALED.request(SECRET)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("'mail'")
          .hasMessageContaining(".encryption(");
    }
    assertThatThrownBy(() -> builder(worker(SEALED)).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(".encryption(");
    assertThatThrownBy(
            () ->
                Recurring.of(
                    "nightly", Schedule.parse("@daily", ZoneId.of("UTC")), SEALED.request(SECRET)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'mail'");
  }
}
