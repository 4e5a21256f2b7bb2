package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.CarriedContext;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Keyring;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.job.TraceContext;
import io.neuralbridge.job.Unique;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a store is given closed, and gives back as it was: encrypted args and carried context. */
public abstract class BroughtAlongContract extends QueueFixture {

  private static final JobType<String> SEALED = TYPE.withEncryptedArgs();
  private static final Keyring KEYS = Keyring.of("k1", new byte[32]).withUniqueKey(new byte[32]);

  private String read(Job job) {
    return SEALED.decode(job.spec().args(), KEYS);
  }

  private void assertReadEverywhere(Job inserted, String args) {
    assertThat(read(find(inserted.id()))).isEqualTo(args);
    Lease lease = claimOne();
    assertThat(read(lease.job())).isEqualTo(args);
    end(lease, JobState.COMPLETED);
    assertThat(read(find(inserted.id()))).isEqualTo(args);
  }

  @Test
  void encryptedArgsComeBackWhole() {
    String args = "naïve \u0000 '; -- \uD83D\uDE80";
    Job inserted = insert(SEALED.request(args).toNewJob(KEYS));

    assertThat(inserted.spec().args()).doesNotContain("naïve");
    assertReadEverywhere(inserted, args);
  }

  @Test
  void theLargestArgsAreStillStoredWhenTheyAreEncrypted() {
    String args = "x".repeat((1 << 20) - 2);
    Job inserted = insert(SEALED.request(args).toNewJob(KEYS));

    assertThat(inserted.spec().args().length()).isGreaterThan(4 * args.length() / 3);
    assertReadEverywhere(inserted, args);
  }

  @Test
  void encryptedArgsMakeAJobUniqueThoughTheyNeverLookTheSame() {
    JobType<String> unique = SEALED.withUnique(Unique.byArgs());
    Job first = insert(unique.request("x").toNewJob(KEYS));

    Job again = insert(unique.request("x").toNewJob(KEYS));

    assertThat(again.id()).isEqualTo(first.id());
    assertThat(again.existing()).isTrue();
    assertThat(insert(unique.request("y").toNewJob(KEYS)).existing()).isFalse();
  }

  @Test
  void aWaitingJobTakesOverEncryptedArgs() {
    Unique debounced = Unique.byMeta("doc").replacing(Unique.Field.ARGS);
    Map<String, String> meta = Map.of("doc", "7");
    JobType<String> type = SEALED.withUnique(debounced);
    Job first = insert(type.request("old").withMeta(meta).toNewJob(KEYS));

    Job again = insert(type.request("new").withMeta(meta).toNewJob(KEYS));

    assertThat(again.id()).isEqualTo(first.id());
    assertReadEverywhere(first, "new");
  }

  @Test
  void theCarriedContextComesBackWhole() {
    TraceContext trace =
        new TraceContext("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "a=1,b=2");
    Map<String, String> mdc =
        Map.of("tenant", "\u0000 '; -- \uD83D\uDE80\n", "x", "\u0001".repeat(1_900));
    CarriedContext context = new CarriedContext(mdc, trace);
    NewJob job = TYPE.request("x").withMeta(Map.of("own", "meta")).toNewJob().with(context);

    Job inserted = insert(job);

    assertThat(CarriedContext.of(find(inserted.id()).spec())).isEqualTo(context);
    Lease lease = claimOne();
    assertThat(CarriedContext.of(lease.job().spec())).isEqualTo(context);
    assertThat(lease.job().spec().meta()).containsEntry("own", "meta").hasSize(4);
  }
}
