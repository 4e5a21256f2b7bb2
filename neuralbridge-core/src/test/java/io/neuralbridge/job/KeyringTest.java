package io.neuralbridge.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyringTest {

  private static final byte[] ONE = key(1);
  private static final byte[] TWO = key(2);
  private static final Keyring RING = Keyring.of("2026-03", ONE);

  private static byte[] key(int seed) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) seed);
    return key;
  }

  private static SealedArgsException failure(Keyring ring, String kind, String sealed) {
    try {
      throw new AssertionError("opened: " + ring.open(kind, sealed));
    } catch (SealedArgsException e) {
      return e;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "\"naïve \uD83D\uDE80 \\u0000\"", "[1,2,3]"})
  void whatIsSealedOpensAgain(String json) {
    String sealed = RING.seal("mail", json);

    assertThat(SealedArgs.isSealed(sealed)).isTrue();
    assertThat(SealedArgs.isSealed(json)).isFalse();
    assertThat(RING.open("mail", sealed)).isEqualTo(json);
  }

  @Test
  void theSameArgsNeverLookTheSame() {
    assertThat(RING.seal("mail", "{}")).isNotEqualTo(RING.seal("mail", "{}"));
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 24, 32})
  void keysOfAllAesLengthsAreTaken(int bytes) {
    Keyring ring = Keyring.of("k", new byte[bytes]);

    assertThat(ring.open("mail", ring.seal("mail", "{}"))).isEqualTo("{}");
  }

  @Test
  void theNewKeySealsAndTheOldOneStillOpens() {
    String old = RING.seal("mail", "1");
    Keyring rotated = Keyring.of("2026-09", TWO).withOther("2026-03", ONE);

    String fresh = rotated.seal("mail", "2");

    assertThat(rotated.open("mail", old)).isEqualTo("1");
    assertThat(rotated.open("mail", fresh)).isEqualTo("2");
    assertThat(failure(RING, "mail", fresh).code()).isEqualTo("missing_key");
    assertThat(RING.withOther("2026-09", TWO).open("mail", fresh)).isEqualTo("2");
  }

  @Test
  void anotherKeyOfTheSameIdIsTold() {
    String sealed = RING.seal("mail", "1");

    SealedArgsException e = failure(Keyring.of("2026-03", TWO), "mail", sealed);

    assertThat(e.code()).isEqualTo("wrong_key");
    assertThat(e).hasMessageContaining("'2026-03'").hasMessageContaining("'mail'");
  }

  @Test
  void argsOpenForTheirOwnKindAlone() {
    assertThat(failure(RING, "payment", RING.seal("mail", "1")).code()).isEqualTo("wrong_key");
  }

  @Test
  void aChangedByteIsNoticedWhereverItIs() {
    byte[] data = SealedArgs.parse("mail", RING.seal("mail", "{\"a\":1}")).data();
    for (int i = 0; i < data.length; i++) {
      byte[] changed = data.clone();
      changed[i] ^= 1;
      String sealed = new SealedArgs("2026-03", changed).toJson();
      assertThat(failure(RING, "mail", sealed).code()).isEqualTo("wrong_key");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"nb.sealed\":1,\"key\":\"2026-03\",\"data\":\"\"}",
        "{\"nb.sealed\":1,\"key\":\"2026-03\",\"data\":\"***\"}",
        "{\"nb.sealed\":1,\"key\":\"2026-03\"}",
        "{\"nb.sealed\":1,\"key\":",
      })
  void whatWasCutOffIsTold(String sealed) {
    assertThat(failure(RING, "mail", sealed).code()).isEqualTo("wrong_key");
  }

  @Test
  void badKeysAreRefused() {
    assertThatThrownBy(() -> Keyring.of("k", new byte[20]))
        .hasMessageContaining("16, 24 or 32 bytes")
        .hasMessageContaining("20");
    assertThatThrownBy(() -> Keyring.of("", ONE)).hasMessageContaining("key ''");
    assertThatThrownBy(() -> RING.withOther("2026-03", TWO))
        .hasMessageContaining("on the ring already");
    assertThatThrownBy(() -> RING.withUniqueKey(new byte[8])).hasMessageContaining("16 bytes");
  }

  @Test
  void neitherKeysNorArgumentsAreShown() {
    JobType<String> type = JobType.of("mail", String.class).withEncryptedArgs();

    assertThat(RING.withUniqueKey(TWO)).hasToString("Keyring[current=2026-03, ids=[2026-03]]");
    assertThat(type.request("secret").in(Duration.ofSeconds(1)).toString())
        .contains("mail")
        .doesNotContain("secret");
    assertThat(type.request("secret").toNewJob(RING).toString()).doesNotContain("secret");
  }

  @Test
  void withoutKeysNothingIsStoredInTheOpen() {
    JobType<String> type = JobType.of("mail", String.class).withEncryptedArgs();

    assertThatThrownBy(() -> type.request("secret").toNewJob())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(".encryption(");
  }

  @Test
  void aTypeWithoutKeysDoesNotTakeSealedArgsForItsOwn() {
    record Mail(String to) {}
    String sealed = RING.seal("mail", "{\"to\":\"somebody\"}");

    assertThatThrownBy(() -> JobType.of("mail", Mail.class).decode(sealed))
        .isInstanceOf(SealedArgsException.class)
        .hasMessageContaining("no keys");
    assertThat(JobType.of("mail", Mail.class).decode(sealed, RING)).isEqualTo(new Mail("somebody"));
  }

  @Test
  void whatArgumentsMakeAJobUniqueCannotBeGuessed() {
    JobType<String> open = JobType.of("mail", String.class).withUnique(Unique.byArgs());
    Keyring hiding = RING.withUniqueKey(TWO);
    NewJob hidden = open.withEncryptedArgs().request("x").toNewJob(hiding);

    assertThat(hidden.unique()).isNotEqualTo(open.request("x").toNewJob(hiding).unique());
    assertThat(hidden.unique())
        .isEqualTo(open.withEncryptedArgs().request("x").toNewJob(hiding).unique())
        .isNotEqualTo(open.withEncryptedArgs().request("y").toNewJob(hiding).unique());
    assertThatThrownBy(() -> open.withEncryptedArgs().request("x").toNewJob(RING))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("withUniqueKey");
    JobType<String> byKind = open.withUnique(Unique.byKind()).withEncryptedArgs();
    assertThat(byKind.request("x").toNewJob(RING).unique()).isNotNull();
  }

  @Test
  void aKeyMayComeFromAnywhere() {
    String text =
        Base64.getEncoder().encodeToString("sixteen bytes ab".getBytes(StandardCharsets.UTF_8));

    assertThat(Keyring.of("env", Base64.getDecoder().decode(text)).isEmpty()).isFalse();
    assertThat(Keyring.EMPTY.isEmpty()).isTrue();
  }
}
