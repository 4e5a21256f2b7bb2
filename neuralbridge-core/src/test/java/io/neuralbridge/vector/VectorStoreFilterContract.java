package io.neuralbridge.vector;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every form of {@link VectorFilter}, as every {@link VectorStore} understands it. */
public abstract class VectorStoreFilterContract {
  private static final String DOCS = "docs";

  private VectorStore store;

  /** A store without any collection. */
  protected abstract VectorStore emptyStore();

  @BeforeEach
  void fill() {
    store = emptyStore();
    store.upsert(
        DOCS,
        List.of(
            record("a", Map.of("lang", "en", "kind", "guide")),
            record("b", Map.of("lang", "de", "kind", "guide")),
            record("c", Map.of("lang", "de", "kind", "api", "it's \"%_\\", "ü'\"%_\\🎉")),
            record("d", Map.of("lang", "EN")),
            record("e", Map.of())));
  }

  static List<Arguments> filters() {
    VectorFilter english = VectorFilter.eq("lang", "en");
    VectorFilter german = VectorFilter.eq("lang", "de");
    VectorFilter guide = VectorFilter.eq("kind", "guide");
    return List.of(
        Arguments.of(VectorFilter.all(), "abcde"),
        Arguments.of(english, "a"),
        Arguments.of(VectorFilter.eq("lang", ""), ""),
        Arguments.of(VectorFilter.eq("unknown", "en"), ""),
        Arguments.of(VectorFilter.eq("it's \"%_\\", "ü'\"%_\\🎉"), "c"),
        Arguments.of(VectorFilter.eq("lang", "%"), ""),
        Arguments.of(VectorFilter.in("lang", Set.of("en", "EN", "fr")), "ad"),
        Arguments.of(VectorFilter.in("lang", Set.of()), ""),
        Arguments.of(VectorFilter.not(english), "bcde"),
        Arguments.of(VectorFilter.not(VectorFilter.eq("kind", "guide")), "cde"),
        Arguments.of(VectorFilter.not(VectorFilter.in("lang", Set.of())), "abcde"),
        Arguments.of(VectorFilter.not(VectorFilter.all()), ""),
        Arguments.of(VectorFilter.not(VectorFilter.not(guide)), "ab"),
        Arguments.of(VectorFilter.and(german, guide), "b"),
        Arguments.of(VectorFilter.and(german, english), ""),
        Arguments.of(VectorFilter.and(), "abcde"),
        Arguments.of(VectorFilter.or(english, VectorFilter.eq("kind", "api")), "ac"),
        Arguments.of(VectorFilter.or(), ""),
        Arguments.of(VectorFilter.not(VectorFilter.or()), "abcde"),
        Arguments.of(VectorFilter.not(VectorFilter.and(german, guide)), "acde"),
        Arguments.of(
            VectorFilter.and(
                VectorFilter.or(english, german),
                VectorFilter.not(VectorFilter.and(german, VectorFilter.not(guide)))),
            "ab"));
  }

  @ParameterizedTest
  @MethodSource("filters")
  void aSearchConsidersExactlyTheRecordsThatPass(VectorFilter filter, String expected) {
    List<VectorMatch> matches = store.search(DOCS, new VectorQuery(new float[] {1, 0}, 10, filter));

    assertThat(matches.stream().map(VectorMatch::id).collect(joining())).isEqualTo(expected);
  }

  private static VectorRecord record(String id, Map<String, String> metadata) {
    return new VectorRecord(id, new float[] {1, 0}, metadata);
  }
}
