package io.neuralbridge.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.neuralbridge.job.Unique.Field;
import io.neuralbridge.job.Unique.Scope;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UniqueTest {

  private record Embed(String documentId, String model, @JsonProperty("renamed") int size) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Sparse(String documentId, String model) {}

  @SuppressWarnings("rawtypes")
  private static final JobType<Map> OPEN = JobType.of("open", Map.class);

  private static final JobType<Embed> EMBED = JobType.of("embed", Embed.class);

  @Test
  void aJobIsNotUniqueUnlessItIsToldTo() {
    assertThat(EMBED.request(new Embed("7", "m", 1)).toNewJob().unique()).isNull();
  }

  @Test
  void theTypesUniqueIsTheDefaultAndTheRequestsWins() {
    JobType<Embed> type = EMBED.withUnique(Unique.byArgs("documentId")).withPriority(3);
    JobRequest<Embed> request = type.request(new Embed("7", "m", 1));

    assertThat(request.toNewJob().unique().scope()).isEqualTo(Scope.SUCCESSFUL);
    assertThat(
            request
                .withUnique(Unique.byArgs().during(Scope.KEPT).within(Duration.ofMinutes(5)))
                .toNewJob()
                .unique())
        .extracting(UniqueKey::scope, UniqueKey::period)
        .containsExactly(Scope.KEPT, Duration.ofMinutes(5));
  }

  @Test
  void aKeyIs128BitsInHex() {
    assertThat(key(Unique.byArgs(), new Embed("7", "m", 1))).matches("[0-9a-f]{32}");
  }

  @Test
  void onlyWhatIsChosenCounts() {
    Unique byDocument = Unique.byArgs("documentId");

    assertThat(key(byDocument, new Embed("7", "m", 1)))
        .isEqualTo(key(byDocument, new Embed("7", "other", 2)))
        .isNotEqualTo(key(byDocument, new Embed("8", "m", 1)));
    assertThat(key(Unique.byArgs(), new Embed("7", "m", 1)))
        .isNotEqualTo(key(Unique.byArgs(), new Embed("7", "m", 2)));
    assertThat(key(Unique.byArgs("renamed"), new Embed("7", "m", 1)))
        .isEqualTo(key(Unique.byArgs("renamed"), new Embed("8", "n", 1)));
    assertThat(key(Unique.byKind(), new Embed("7", "m", 1)))
        .isEqualTo(key(Unique.byKind(), new Embed("8", "n", 2)));
  }

  @Test
  void kindAndQueueAlwaysCountAndScopePeriodAndReplacingNever() {
    Embed args = new Embed("7", "m", 1);
    String key = key(Unique.byArgs(), args);

    assertThat(key(Unique.byArgs().during(Scope.WAITING).within(Duration.ofDays(1)), args))
        .isEqualTo(key);
    assertThat(EMBED.withQueue("q").withUnique(Unique.byArgs()).request(args))
        .extracting(request -> request.toNewJob().unique().value())
        .isNotEqualTo(key);
    assertThat(JobType.of("other", Embed.class).withUnique(Unique.byArgs()).request(args))
        .extracting(request -> request.toNewJob().unique().value())
        .isNotEqualTo(key);
  }

  @Test
  void theOrderOfFieldsInNestedMapsDoesNotCount() {
    Map<String, Object> one = new LinkedHashMap<>();
    Map<String, Object> other = new LinkedHashMap<>();
    List<Integer> numbers = IntStream.range(0, 30).boxed().toList();
    numbers.forEach(i -> one.put("field " + i, new HashMap<>(Map.of("n", i, "m", 1.50))));
    numbers.forEach(
        i -> other.put("field " + (29 - i), new LinkedHashMap<>(Map.of("m", 1.50, "n", 29 - i))));

    assertThat(openKey(Unique.byArgs(), Map.of("all", one)))
        .isEqualTo(openKey(Unique.byArgs(), Map.of("all", other)));
  }

  @Test
  void namesAndValuesCannotBeMistakenForEachOther() {
    assertThat(openKey(Unique.byArgs("a", "b"), Map.of("a", "x", "b", "y")))
        .isNotEqualTo(openKey(Unique.byArgs("a", "b"), Map.of("a", "y", "b", "x")))
        .isNotEqualTo(openKey(Unique.byArgs("a"), Map.of("a", "x", "b", "y")));
    assertThat(openKey(Unique.byArgs("a"), Map.of("a", "1")))
        .isNotEqualTo(openKey(Unique.byArgs("a"), Map.of("a", 1)));
  }

  @Test
  void aFieldThatTheArgsDoNotHaveIsRefusedWhenItIsSet() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EMBED.withUnique(Unique.byArgs("documentID")))
        .withMessage(
            "a 'embed' job is to be unique by 'documentID', which its args do not have: did you mean 'documentId'?");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EMBED.withUnique(Unique.byArgs("size")))
        .withMessageContaining("there are documentId, model, renamed");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JobType.of("t", String.class).withUnique(Unique.byArgs("id")))
        .withMessageContaining("there are none");
  }

  @Test
  void aFieldOfAMapIsLookedForWhenTheJobIsMade() {
    var request = OPEN.request(Map.of("tenant", 1)).withUnique(Unique.byArgs("tenat"));

    assertThatIllegalArgumentException()
        .isThrownBy(request::toNewJob)
        .withMessageContaining("did you mean 'tenant'?");
  }

  @Test
  void aFieldWithoutAValueCounts() {
    Unique unique = Unique.byArgs("documentId", "model");
    JobType<Sparse> sparse = JobType.of("embed", Sparse.class).withUnique(unique);

    assertThat(sparse.request(new Sparse("7", null)).toNewJob().unique().value())
        .isEqualTo(key(unique, new Embed("7", null, 1)))
        .isNotEqualTo(key(unique, new Embed("7", "m", 1)));
  }

  @Test
  void aMetaKeyThatIsNotThereIsRefused() {
    JobRequest<Embed> request =
        EMBED.request(new Embed("7", "m", 1)).withUnique(Unique.byMeta("tenant"));

    assertThat(request.withMeta(Map.of("tenant", "x", "b", "y")).toNewJob().unique())
        .isEqualTo(request.withMeta(Map.of("tenant", "x")).toNewJob().unique())
        .isNotEqualTo(request.withMeta(Map.of("tenant", "y")).toNewJob().unique());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> request.withMeta(Map.of("Tennant", "x")).toNewJob())
        .withMessage(
            "a 'embed' job is to be unique by 'tenant', which its meta do not have: did you mean 'Tennant'?");
    assertThatIllegalArgumentException()
        .isThrownBy(request::toNewJob)
        .withMessageContaining("there are none");
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Unique.byArgs().within(Duration.ZERO))
        .withMessageContaining("must be positive");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Unique.byArgs().within(Duration.ofSeconds(-1)))
        .withMessageContaining("0 to 36500 days");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Unique.byArgs().replacing(Field.ARGS))
        .withMessageContaining("name the fields that count");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Unique.byMeta(" "))
        .withMessageContaining("none of them blank");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new Unique(true, Set.of("a"), Set.of(), Scope.KEPT, null, Set.of(Field.RUN_AT)))
        .withMessageContaining("all args and by [a] at once");
  }

  private static String key(Unique unique, Embed args) {
    return EMBED.request(args).withUnique(unique).toNewJob().unique().value();
  }

  @SuppressWarnings("rawtypes")
  private static String openKey(Unique unique, Map args) {
    return OPEN.request(args).withUnique(unique).toNewJob().unique().value();
  }
}
