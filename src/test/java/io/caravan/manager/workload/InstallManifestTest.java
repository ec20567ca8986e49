/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.manager.admission.WebhookAddress;
import io.caravan.manager.admission.WebhookRegistrations;
import io.fabric8.kubernetes.api.Pluralize;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code deploy/install.yaml} is the resource definitions and what {@link ManagerObjects} makes.
 * {@code -Dgolden=write} writes it anew.
 */
class InstallManifestTest {
  private static final Path FILE = Path.of("deploy/install.yaml");
  private static final Path DEFINITIONS = Path.of("deploy/crds");
  private static final Pattern VERSION = Pattern.compile("<version>([^<]+)</version>");

  private static final Grants CLUSTER = new Grants(ManagerRights.cluster());
  private static final Grants NAMESPACE =
      new Grants(
          Stream.concat(ManagerRights.cluster().stream(), ManagerRights.namespace().stream())
              .toList());

  private static List<HasMetadata> objects() throws IOException {
    Matcher version = VERSION.matcher(Files.readString(Path.of("pom.xml")));
    assertThat(version.find()).isTrue();
    return ManagerObjects.of(
        Installation.of("kyma-system", "localhost/caravan:" + version.group(1)));
  }

  @Test
  void shouldInstallAsWritten() throws IOException {
    GoldenYaml.check(FILE, GoldenYaml.print(objects()) + definitions());
  }

  private static String definitions() throws IOException {
    try (Stream<Path> files = Files.list(DEFINITIONS)) {
      return files
          .sorted()
          .map(InstallManifestTest::withoutComments)
          .map(InstallManifestTest::converted)
          .collect(Collectors.joining());
    }
  }

  /**
   * Until the manager runs, an older version is refused: without a conversion the API server would
   * change its number and drop the fields that the present version does not have.
   */
  private static String converted(String definition) {
    return WebhookRegistrations.of(WebhookAddress.service("kyma-system"), "").stream()
        .filter(CustomResourceDefinition.class::isInstance)
        .map(CustomResourceDefinition.class::cast)
        .filter(each -> definition.contains("  name: " + each.getMetadata().getName() + "\n"))
        .findFirst()
        .map(
            each -> {
              each.getSpec().getConversion().getWebhook().getClientConfig().setCaBundle(null);
              String conversion = GoldenYaml.value(each.getSpec().getConversion()).indent(4);
              return definition.replaceFirst("\nspec:\n", "\nspec:\n  conversion:\n" + conversion);
            })
        .orElse(definition);
  }

  private static String withoutComments(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .dropWhile(line -> line.startsWith("#") || line.isBlank())
          .map(line -> line + "\n")
          .collect(Collectors.joining());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void shouldMeetPodSecurityRestrictedWithoutException() throws IOException {
    assertThat(Pods.of(objects()))
        .hasSize(1)
        .allSatisfy(pods -> assertThat(PodSecurityStandard.violations(pods.spec())).isEmpty());
  }

  @Test
  void shouldServeOnlyPortsThatTheManagerHas() throws IOException {
    Pods manager = Pods.of(objects()).getFirst();
    assertThat(objects())
        .filteredOn(Service.class::isInstance)
        .hasSize(2)
        .extracting(Service.class::cast)
        .allSatisfy(
            service -> assertThat(manager.matches(service.getSpec().getSelector())).isTrue())
        .flatExtracting(service -> service.getSpec().getPorts())
        .allSatisfy(port -> assertThat(manager.ports()).contains(port.getTargetPort().getIntVal()));
  }

  @Test
  void shouldLabelEveryObject() throws IOException {
    assertThat(objects())
        .allSatisfy(
            object ->
                assertThat(object.getMetadata().getLabels())
                    .containsEntry("kyma-project.io/module", "telemetry")
                    .containsEntry("app.kubernetes.io/part-of", "telemetry"));
  }

  static List<WorkloadCase> cases() {
    return WorkloadCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldLetTheManagerApplyAndDeleteEverythingThatItDeploys(WorkloadCase each) {
    for (HasMetadata object : each.objects()) {
      boolean namespaced = object.getMetadata().getNamespace() != null;
      String version = object.getApiVersion();
      String group = version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
      String resource = Pluralize.toPlural(object.getKind().toLowerCase(Locale.ROOT));
      String name = object.getMetadata().getName();
      assertThat(Stream.of("get", "list", "watch", "create", "patch", "delete"))
          .as("%s %s", object.getKind(), name)
          .allMatch(verb -> (namespaced ? NAMESPACE : CLUSTER).allow(verb, group, resource, name));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldHaveEveryRightThatTheManagerGrants(WorkloadCase each) {
    for (HasMetadata object : each.objects()) {
      switch (object) {
        case Role role -> assertThat(role.getRules()).allMatch(NAMESPACE::cover);
        case ClusterRole role -> assertThat(role.getRules()).allMatch(CLUSTER::cover);
        default -> assertThat(object.getKind()).doesNotEndWith("Role");
      }
    }
  }

  @Test
  void shouldNotLetTheManagerDoWhatItNeedNot() {
    List<PolicyRule> all = NAMESPACE.rules();
    assertThat(all)
        .noneMatch(rule -> rule.getVerbs().contains("*") || rule.getResources().contains("*"))
        .noneMatch(rule -> rule.getVerbs().contains("escalate") || rule.getVerbs().contains("bind"))
        .noneMatch(rule -> rule.getVerbs().contains("impersonate"));
    assertThat(CLUSTER.allow("create", "", "secrets", "anything")).isFalse();
    assertThat(NAMESPACE.allow("patch", "", "secrets", "a-users")).isFalse();
    assertThat(NAMESPACE.allow("patch", "", "configmaps", "a-users")).isFalse();
    assertThat(CLUSTER.allow("delete", "telemetry.kyma-project.io", "logpipelines", "any"))
        .isFalse();
    assertThat(CLUSTER.allow("create", "rbac.authorization.k8s.io", "clusterroles", "x")).isFalse();
    assertThat(CLUSTER.allow("create", "", "pods", "x")).isFalse();
  }
}
