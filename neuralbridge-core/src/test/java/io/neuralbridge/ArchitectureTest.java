package io.neuralbridge;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rings of the design: every arrow points inward. A new package needs a line here. */
class ArchitectureTest {

  private static final String ROOT = "io.neuralbridge";
  private static final List<String> EVERYWHERE = List.of("java..", "org.slf4j..", "org.jspecify..");

  /** What each package may use, beside itself, the JDK and the logging API. */
  private static final Map<String, List<String>> RINGS =
      Map.ofEntries(
          Map.entry("job", List.of("tools.jackson..", "javax.crypto..")),
          Map.entry("retry", inner("job")),
          Map.entry("queue", inner("job")),
          Map.entry("schedule", inner(List.of("com.cronutils.."), "job", "queue")),
          Map.entry("worker", inner("job", "retry", "schedule")),
          Map.entry("event", inner("job")),
          Map.entry("flow", inner("job", "worker")),
          Map.entry("text", List.of("com.knuddels.jtokkit..")),
          Map.entry(
              "embedding",
              inner(List.of("tools.jackson..", "com.github.benmanes.caffeine.."), "text")),
          Map.entry("vector", List.of("io.github.jbellis.jvector..", "org.ejml..")),
          Map.entry("cost", List.of()),
          Map.entry(
              "knowledge",
              inner("job", "retry", "schedule", "worker", "text", "embedding", "vector", "cost")),
          Map.entry(
              "testing",
              Stream.concat(Stream.of(ROOT), inner("job", "queue", "schedule", "worker").stream())
                  .toList()));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  private static List<String> inner(String... rings) {
    return Stream.of(rings).map(ring -> ROOT + "." + ring).toList();
  }

  private static List<String> inner(List<String> libraries, String... rings) {
    return Stream.concat(libraries.stream(), inner(rings).stream()).toList();
  }

  static Set<String> rings() {
    return RINGS.keySet();
  }

  @ParameterizedTest
  @MethodSource("rings")
  void aPackageUsesOnlyWhatLiesFurtherIn(String ring) {
    String[] allowed =
        Stream.of(EVERYWHERE.stream(), RINGS.get(ring).stream(), Stream.of(ROOT + "." + ring))
            .flatMap(packages -> packages)
            .toArray(String[]::new);

    classes()
        .that(resideInAPackage(ROOT + "." + ring))
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(allowed))
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void everyPackageHasItsRing() {
    assertThat(packages().map(JavaPackage::getName).filter(name -> !name.equals(ROOT)))
        .allSatisfy(name -> assertThat(RINGS).containsKey(name.substring(ROOT.length() + 1)));
  }

  @Test
  void nothingButTestingUsesTheRoot() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT, ROOT + ".testing..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT)
        .check(CLASSES);
  }

  @Test
  void noPackagesDependOnEachOtherInACircle() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void everyPackageIsNullMarked() {
    List<String> unmarked =
        packages()
            .filter(candidate -> !candidate.isAnnotatedWith(NullMarked.class))
            .map(JavaPackage::getName)
            .collect(Collectors.toList());

    assertThat(unmarked).isEmpty();
  }

  private static Stream<JavaPackage> packages() {
    JavaPackage root = CLASSES.getPackage(ROOT);
    return Stream.concat(Stream.of(root), root.getSubpackagesInTree().stream())
        .filter(candidate -> !candidate.getClasses().isEmpty());
  }
}
