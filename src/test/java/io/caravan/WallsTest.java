/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;

/** The walls between the packages: who may know whom. */
@AnalyzeClasses(packages = "io.caravan", importOptions = ImportOption.DoNotIncludeTests.class)
final class WallsTest {

  @ArchTest
  static final ArchRule packagesKnowOnlyWhatStandsBelowThem =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("cli")
          .definedBy("io.caravan.cli..")
          .layer("manager")
          .definedBy("io.caravan.manager..")
          .layer("standalone")
          .definedBy("io.caravan.standalone..")
          .layer("cluster")
          .definedBy("io.caravan.cluster..")
          .layer("node")
          .definedBy("io.caravan.node..")
          .layer("plan")
          .definedBy("io.caravan.plan..")
          .layer("signal")
          .definedBy("io.caravan.signal..")
          .layer("delivery")
          .definedBy("io.caravan.delivery..")
          .layer("observe")
          .definedBy("io.caravan.observe..")
          .layer("enrich")
          .definedBy("io.caravan.enrich..")
          .layer("otlp")
          .definedBy("io.caravan.otlp..")
          .layer("journal")
          .definedBy("io.caravan.journal..")
          .whereLayer("journal")
          .mayOnlyBeAccessedByLayers("signal", "node", "cli")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("manager")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("cluster")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("standalone")
          .mayOnlyBeAccessedByLayers("cluster", "cli")
          .whereLayer("node")
          .mayOnlyBeAccessedByLayers("standalone", "cluster", "cli")
          .whereLayer("plan")
          .mayOnlyBeAccessedByLayers("node", "standalone", "cluster", "manager", "cli")
          .whereLayer("signal")
          .mayOnlyBeAccessedByLayers("node")
          .whereLayer("delivery")
          .mayOnlyBeAccessedByLayers("signal", "node")
          .whereLayer("observe")
          .mayOnlyBeAccessedByLayers("signal", "node", "standalone", "cli")
          .whereLayer("enrich")
          .mayOnlyBeAccessedByLayers("node")
          .whereLayer("otlp")
          .mayOnlyBeAccessedByLayers("signal", "delivery", "enrich", "node", "observe", "cli");

  @ArchTest
  static final ArchRule packagesAreFreeOfCycles =
      slices().matching("io.caravan.(*)..").should().beFreeOfCycles();

  /** Rooms within a package: what stands in one can be read without the rest of the house. */
  @ArchTest
  static final ArchRule roomsOfTheFanOutKnowNeitherItNorEachOther =
      slices().matching("io.caravan.signal.(*)").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule theFanOutKnowsItsRoomsAndIsNotKnownByThem =
      noClasses()
          .that()
          .resideInAnyPackage("io.caravan.signal.*")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.caravan.signal");

  /** The functional core: no Camel, no sockets, no files being watched. */
  @ArchTest
  static final ArchRule thePlannerIsPure =
      noClasses()
          .that()
          .resideInAnyPackage("io.caravan.plan..", "io.caravan.api..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.camel..", "io.netty..", "java.net.http..");

  /** Objects of the cluster as values: nothing that could ask an API server. */
  @ArchTest
  static final ArchRule whatIsDeployedIsAFunction =
      noClasses()
          .that()
          .resideInAPackage("io.caravan.manager.workload..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.fabric8.kubernetes.client..", "java.net.http..", "org.apache.camel..");

  @ArchTest
  static final ArchRule theJournalStandsAlone =
      noClasses()
          .that()
          .resideInAPackage("io.caravan.journal..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("io.caravan..", "org.apache.camel..")
                  .and(resideOutsideOfPackage("io.caravan.journal..")));

  @ArchTest
  static final ArchRule socketsKnowNothingOfCamel =
      noClasses()
          .that()
          .resideInAnyPackage("io.caravan.otlp.server..", "io.caravan.otlp.client..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.camel..")
          .allowEmptyShould(true);

  /** Objects of generated classes are for tests: on the way of a batch there are only bytes. */
  @ArchTest
  static final ArchRule nobodyDecodesTelemetryIntoObjects =
      noClasses().should().dependOnClassesThat().resideInAnyPackage("io.opentelemetry..");

  @ArchTest
  static final ArchRule everyPackageIsNullMarked =
      classes()
          .should(
              new ArchCondition<>("live in a @NullMarked package") {
                @Override
                public void check(JavaClass item, ConditionEvents events) {
                  if (!item.getPackage().isAnnotatedWith(NullMarked.class)) {
                    events.add(
                        SimpleConditionEvent.violated(
                            item, item.getName() + ": its package is not @NullMarked"));
                  }
                }
              });
}
