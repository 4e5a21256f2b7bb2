package io.neuralbridge.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobValuesTest {

  private static final JobType<String> TYPE = JobType.of("greet", String.class);
  private static final Duration ENDLESS = Duration.ofSeconds(Long.MAX_VALUE);

  @ParameterizedTest
  @ValueSource(strings = {"a", "7", "embed_chunk", "a.b:c-d", "Z9"})
  void plainNamesAreTaken(String name) {
    assertThat(Names.require("kind", name)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "_a", "-a", "a b", "a\n", "ä", "a/b", "a\0"})
  void otherNamesAreRefused(String name) {
    assertThatThrownBy(() -> Names.require("tag", name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("tag '" + name + "' is not a valid name: use 1 to 100 letters");
  }

  @Test
  void aLongNameIsRefusedAndShortenedInTheMessage() {
    assertThat(Names.require("kind", "a".repeat(100))).hasSize(100);
    assertThatThrownBy(() -> Names.require("kind", "a".repeat(5_000)))
        .hasMessageContaining("a".repeat(100) + "…'")
        .message()
        .hasSizeLessThan(300);
  }

  @Test
  void aTypeHasTheDocumentedDefaults() {
    assertThat(TYPE)
        .isEqualTo(new JobType<>("greet", String.class, "default", 1, 20, Set.of(), null));
  }

  @Test
  void aTypeRefusesBadValuesWithTheReason() {
    assertThatThrownBy(() -> JobType.of("no good", String.class)).hasMessageContaining("kind 'no");
    assertThatThrownBy(() -> TYPE.withQueue("")).hasMessageContaining("queue ''");
    assertThatThrownBy(() -> TYPE.withPriority(10))
        .hasMessage("priority must be 0 (first) to 9 (last): 10");
    assertThatThrownBy(() -> TYPE.withPriority(-1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> TYPE.withMaxAttempts(0)).hasMessage("maxAttempts must be 1 to 100: 0");
    assertThatThrownBy(() -> TYPE.withMaxAttempts(101)).hasMessageContaining("101");
    assertThatThrownBy(() -> TYPE.withTags("no good")).hasMessageContaining("tag 'no good'");
  }

  @Test
  void tagsAreASortedSetOfAtMostTwenty() {
    assertThat(TYPE.withTags("b", "a", "b").tags()).containsExactly("a", "b");
    String[] many = IntStream.range(0, 21).mapToObj(i -> "t" + i).toArray(String[]::new);
    assertThatThrownBy(() -> TYPE.withTags(many))
        .hasMessage("21 tags were given; at most 20 are allowed");
  }

  @Test
  void metaIsBounded() {
    Map<String, String> many =
        IntStream.range(0, 21).boxed().collect(Collectors.toMap(i -> "k" + i, i -> "v"));

    assertThatThrownBy(() -> TYPE.request("x").withMeta(many).toNewJob())
        .hasMessageContaining("21 keys");
    assertThatThrownBy(() -> TYPE.request("x").withMeta(Map.of("k", "v".repeat(4_000))).toNewJob())
        .hasMessageContaining("4001 characters");
  }

  @Test
  void aRequestTellsWhenAndRefusesWhatNoStoreCanTell() {
    Instant now = Instant.parse("2026-03-01T12:00:00Z");

    assertThat(TYPE.request("x").toNewJob().dueAt(now)).isEqualTo(now);
    assertThat(TYPE.request("x").in(Duration.ofDays(36_500)).toNewJob().dueAt(now)).isAfter(now);
    assertThat(TYPE.request("x").in(Duration.ofDays(1)).at(now).toNewJob().dueAt(Instant.EPOCH))
        .isEqualTo(now);
    assertThatThrownBy(() -> TYPE.request("x").in(Duration.ofMillis(-1)))
        .hasMessage("delay must be 0 to 36500 days: PT-0.001S");
    assertThatThrownBy(() -> TYPE.request("x").in(ENDLESS)).hasMessageContaining("36500 days");
    assertThatThrownBy(() -> TYPE.request("x").at(Instant.MAX)).hasMessageContaining("9999");
    assertThatThrownBy(() -> TYPE.request("x").at(Instant.MIN)).hasMessageContaining("9999");
    assertThatThrownBy(() -> Outcome.snoozed(ENDLESS)).hasMessageContaining("a snooze must be");
    assertThatThrownBy(
            () ->
                new JobOptions(Map.of(), Duration.ofMillis(1), now, Share.DEFAULT, null, Ties.NONE))
        .hasMessageContaining("not both");
  }

  @Test
  void aShareOfTheLimitsIsBounded() {
    assertThat(TYPE.request("x").withKey("tenant 1").withWeight(7).toNewJob().spec().share())
        .isEqualTo(new Share("tenant 1", 7));
    assertThatThrownBy(() -> TYPE.request("x").withKey(" "))
        .hasMessage("a job's key must be 1 to 200 characters: ' '");
    assertThatThrownBy(() -> TYPE.request("x").withKey("k".repeat(201)))
        .hasMessageContaining("200 characters");
    assertThatThrownBy(() -> TYPE.request("x").withWeight(0))
        .hasMessage("a job's weight must be 1 to 1,000,000: 0");
    assertThatThrownBy(() -> TYPE.request("x").withDeadline(Instant.MAX))
        .hasMessageContaining("9999");
  }

  @Test
  void argsThatAreTooLargeAreRefusedWithTheirSize() {
    assertThatThrownBy(() -> TYPE.request("x".repeat(1 << 20)).toNewJob())
        .isInstanceOf(InvalidArgsException.class)
        .hasMessageContaining("'greet'")
        .hasMessageContaining("1,048,578 bytes");
  }

  record Node(Object next) {}

  @Test
  void argsThatCannotBeWrittenAreRefused() {
    Object[] self = new Object[1];
    self[0] = self;

    assertThatThrownBy(() -> JobType.of("loop", Node.class).request(new Node(self)).toNewJob())
        .isInstanceOf(InvalidArgsException.class)
        .hasMessageContaining("'loop'");
  }

  record Point(int x, int y) {}

  @Test
  void storedArgsAreReadInSpiteOfUnknownPropertiesAndRefusedWhenTheyDoNotFit() {
    JobType<Point> type = JobType.of("point", Point.class);

    assertThat(type.decode("{\"x\":1,\"y\":2,\"z\":3}")).isEqualTo(new Point(1, 2));
    for (String bad : new String[] {"null", "[]", "{\"x\":\"one\"}", "{", ""}) {
      assertThatThrownBy(() -> type.decode(bad))
          .as(bad)
          .isInstanceOf(InvalidArgsException.class)
          .hasMessageContaining("'point'");
    }
  }

  @Test
  void valuesAreCopiedSoThatNobodyChangesThemLater() {
    JobSpec spec = TYPE.withTags("a").request("x").withMeta(Map.of("k", "v")).toNewJob().spec();

    assertThatThrownBy(() -> spec.tags().add("b"))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> spec.meta().put("k", "w"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  record Nothing() {}

  static final class Closed {
    @SuppressWarnings("unused")
    private final String hidden = "lost";
  }

  @Test
  void argsOfWhichNothingWouldBeStoredAreRefused() {
    assertThat(JobType.of("tidy", Nothing.class).request(new Nothing()).toNewJob().spec().args())
        .isEqualTo("{}");
    assertThatThrownBy(() -> JobType.of("tidy", Closed.class).request(new Closed()).toNewJob())
        .isInstanceOf(InvalidArgsException.class)
        .hasMessageContaining("has fields but no getters; use a record");
    assertThatThrownBy(() -> TYPE.request(null).toNewJob())
        .isInstanceOf(InvalidArgsException.class)
        .hasMessageContaining("'greet' job are null");
  }
}
