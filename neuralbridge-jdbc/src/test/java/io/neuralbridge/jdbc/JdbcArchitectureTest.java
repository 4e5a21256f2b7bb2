package io.neuralbridge.jdbc;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** This module's place in the rings: beside the engine, never above it. */
class JdbcArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.neuralbridge.jdbc");

  @Test
  void nothingHereDependsOnTheRootPackage() {
    noClasses().should().dependOnClassesThat().resideInAPackage("io.neuralbridge").check(CLASSES);
  }

  @Test
  void onlyTheBackendAndItsExceptionArePublic() {
    noClasses()
        .that()
        .areTopLevelClasses()
        .and()
        .doNotHaveSimpleName("JdbcBackend")
        .and()
        .doNotHaveSimpleName("DatabaseException")
        .should()
        .bePublic()
        .check(CLASSES);
  }
}
