package io.neuralbridge.schedule;

import io.neuralbridge.job.JobSpec;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.job.UniqueKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the code declared of an entry when it last did, part by part. Tells what the code has
 * changed since from what an operator has. For stores.
 */
public record Fingerprint(String schedule, String job, String policies) {

  private static final int BYTES = 8;

  static Fingerprint of(Recurring recurring) {
    return new Fingerprint(
        hash(List.of(recurring.schedule().text(), recurring.schedule().zone())),
        hash(parts(recurring.job())),
        hash(List.of(recurring.misfire(), recurring.overlap())));
  }

  private static List<Object> parts(NewJob newJob) {
    JobSpec job = newJob.spec();
    return List.of(
        job.kind(),
        job.queue(),
        job.priority(),
        job.maxAttempts(),
        job.args(),
        job.tags(),
        job.meta(),
        String.valueOf(job.share().key()),
        job.share().weight(),
        uniqueText(newJob.unique()));
  }

  private static String uniqueText(@Nullable UniqueKey unique) {
    return unique == null
        ? ""
        : "%s %s %s %s"
            .formatted(
                unique.value(), unique.scope(), unique.period(), new TreeSet<>(unique.replaced()));
  }

  private static String hash(List<?> parts) {
    StringBuilder text = new StringBuilder();
    parts.forEach(part -> text.append(part).append('\0'));
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** What the code changed since this was taken, put onto what the store holds. */
  Recurring merge(Recurring stored, Recurring code) {
    Fingerprint now = of(code);
    boolean sameSchedule = schedule.equals(now.schedule);
    boolean sameJob = job.equals(now.job);
    boolean samePolicies = policies.equals(now.policies);
    return new Recurring(
        code.name(),
        sameSchedule ? stored.schedule() : code.schedule(),
        sameJob ? stored.job() : code.job(),
        samePolicies ? stored.misfire() : code.misfire(),
        samePolicies ? stored.overlap() : code.overlap());
  }

  /** One line, as {@link #parse} reads it. */
  public String text() {
    return String.join(" ", schedule, job, policies);
  }

  /** A fingerprint from its {@link #text}. */
  public static Fingerprint parse(String text) {
    String[] parts = text.split(" ", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("'%s' is no fingerprint of an entry".formatted(text));
    }
    return new Fingerprint(parts[0], parts[1], parts[2]);
  }
}
