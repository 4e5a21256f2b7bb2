package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.queue.Queue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBackendTest {

  @TempDir Path folder;

  @Test
  void jobsAreThereAgainAfterReopening() {
    Path file = folder.resolve("made for it/ä b/jobs.mv.db");
    Job job;
    try (JdbcBackend backend = JdbcBackend.embedded(file)) {
      job = backend.queue().insert(List.of(Jobs.job())).get(0);
    }
    try (JdbcBackend backend = JdbcBackend.embedded(file)) {
      assertThat(backend.queue().find(job.id())).contains(job);
    }
    assertThat(file).exists();
  }

  @Test
  void aSecondProcessIsToldThatTheFileIsInUse() throws IOException {
    Path file = folder.resolve("jobs");
    try (ChildJvm child = EmbeddedWriter.open(file)) {
      assertThat(child.next(EmbeddedWriter.REPORT)).isNotNull();

      assertThatThrownBy(() -> JdbcBackend.embedded(file))
          .isInstanceOfSatisfying(
              DatabaseException.class,
              e -> assertThat(e.code()).isEqualTo(DatabaseException.LOCKED))
          .hasMessageContaining("jobs.mv.db is open in another process");
    }
  }

  @RepeatedTest(3)
  void whatWasReportedIsThereAfterTheProcessWasKilled() throws IOException {
    Path file = folder.resolve("jobs");
    List<String> reported = new ArrayList<>();
    try (ChildJvm child = EmbeddedWriter.open(file)) {
      for (int i = 0; i < 200; i++) {
        reported.add(child.next(EmbeddedWriter.REPORT));
      }
      child.kill();
      for (String line = child.next(EmbeddedWriter.REPORT);
          line != null;
          line = child.next(EmbeddedWriter.REPORT)) {
        reported.add(line);
      }
    }

    try (JdbcBackend backend = JdbcBackend.embedded(file)) {
      assertThat(reported).hasSizeGreaterThanOrEqualTo(200).doesNotContainNull();
      assertThat(reported).allSatisfy(line -> assertIsStored(backend.queue(), line));
    }
  }

  private static void assertIsStored(Queue queue, String report) {
    String[] words = report.split(" ", 2);
    Job job = queue.find(Long.parseLong(words[1])).orElseThrow();
    if (words[0].equals("settled")) {
      assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    }
  }

  @Test
  void anInterruptedThreadDoesNotBreakTheDatabaseForTheOthers() throws Exception {
    try (JdbcBackend backend = JdbcBackend.embedded(folder.resolve("jobs"))) {
      Queue queue = backend.queue();
      for (int round = 0; round < 20; round++) {
        CountDownLatch inserted = new CountDownLatch(5);
        AtomicBoolean stop = new AtomicBoolean();
        Thread worker = new Thread(() -> insertUntil(stop, queue, inserted));
        worker.start();
        inserted.await();
        worker.interrupt();
        stop.set(true);
        worker.join();
      }

      assertThat(queue.insert(Jobs.jobs(3))).hasSize(3);
    }
    try (JdbcBackend backend = JdbcBackend.embedded(folder.resolve("jobs"))) {
      assertThat(backend.queue().counts().get(JobState.AVAILABLE)).isGreaterThan(100L);
    }
  }

  private static void insertUntil(AtomicBoolean stop, Queue queue, CountDownLatch inserted) {
    try {
      while (!stop.get()) {
        queue.insert(Jobs.jobs(10));
        inserted.countDown();
      }
    } catch (DatabaseException e) {
      assertThat(e.code()).isEqualTo(DatabaseException.UNAVAILABLE);
    }
  }

  @Test
  void aPathThatCannotBeADatabaseIsRefusedWithTheReason() throws IOException {
    Path text = Files.writeString(folder.resolve("notes.txt"), "not a folder");
    Path corrupt = folder.resolve("corrupt");
    Files.writeString(folder.resolve("corrupt.mv.db"), "not a database".repeat(1_000));

    assertRefused(() -> JdbcBackend.embedded(folder), "is a folder; name a file in it");
    assertRefused(() -> JdbcBackend.embedded(text.resolve("jobs")), "cannot be made");
    assertRefused(() -> JdbcBackend.embedded(folder.resolve("a;b")), "semicolon");
    assertRefused(() -> JdbcBackend.embedded(corrupt), "cannot be opened");
    assertRefused(() -> JdbcBackend.embedded(Path.of("/proc/nowhere/jobs")), "cannot be made");
  }

  private static void assertRefused(ThrowingCallable open, String reason) {
    assertThatThrownBy(open)
        .isInstanceOfSatisfying(
            DatabaseException.class,
            e -> assertThat(e.code()).isEqualTo(DatabaseException.UNUSABLE))
        .hasMessageContaining(reason);
  }

  @Test
  void closingTwiceIsSafe() {
    JdbcBackend backend = JdbcBackend.inMemory();
    backend.close();
    backend.close();
  }
}
