/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.fixture.Kubectl;
import io.caravan.acceptance.fixture.KubernetesAccess;
import io.caravan.acceptance.fixture.KubernetesApi;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code deploy/install.yaml} and everything that the manager deploys, at a real API server. */
class DeployedObjectsTest {
  private static final Path CASES = Path.of("src/test/resources/workloads");
  private static final Path INSTALL = Path.of("deploy/install.yaml");
  private static final String NAMESPACE = "kyma-system";
  private static final String[] AS_THE_MANAGER = {
    "--server-side", "--force-conflicts", "--field-manager=caravan"
  };

  @RegisterExtension static final KubernetesApi API = KubernetesApi.own();

  private static @Nullable Kubectl started;

  @BeforeAll
  static void install() {
    API.kubectl().apply(INSTALL, "--server-side");
    for (String foreign :
        List.of(
            "verticalpodautoscalers VerticalPodAutoscaler autoscaling.k8s.io",
            "destinationrules DestinationRule networking.istio.io",
            "peerauthentications PeerAuthentication security.istio.io")) {
      String[] names = foreign.split(" ", -1);
      API.kubectl().apply(definition(names[0], names[1], names[2]));
    }
    API.kubectl().run("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
    started = account("telemetry-manager").kubectl();
  }

  private static Kubectl manager() {
    return Objects.requireNonNull(started);
  }

  private static KubernetesAccess account(String name) {
    return API.users().serviceAccount(NAMESPACE, name);
  }

  /** Of somebody else's resource, which takes whatever is in it. */
  private static String definition(String plural, String kind, String group) {
    return """
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata:
      name: %1$s.%3$s
      annotations:
        api-approved.kubernetes.io: unapproved, a stand-in
    spec:
      group: %3$s
      scope: Namespaced
      names: {plural: %1$s, singular: %4$s, kind: %2$s}
      versions:
      - name: v1
        served: true
        storage: true
        schema:
          openAPIV3Schema:
            type: object
            x-kubernetes-preserve-unknown-fields: true
    """
        .formatted(plural, kind, group, kind.toLowerCase(Locale.ROOT));
  }

  /** Those in the namespace of {@code deploy/install.yaml}, where the manager has rights. */
  static List<Path> cases() throws IOException {
    try (Stream<Path> files = Files.walk(CASES)) {
      return files
          .filter(file -> file.endsWith("out-objects.yaml"))
          .filter(file -> text(file).contains("namespace: " + NAMESPACE))
          .sorted()
          .toList();
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String versions(Path file) {
    return API.kubectl()
        .run("get", "-f", file.toString(), "-o", "jsonpath={.items[*].metadata.resourceVersion}");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldLetTheManagerApplyItTwiceWithOneWriteAndDeleteIt(Path file) {
    Kubectl.Said said = manager().apply(file, AS_THE_MANAGER);
    String first = versions(file);
    manager().apply(file, AS_THE_MANAGER);

    assertThat(said.errors()).as("warnings").isEmpty();
    assertThat(versions(file)).as("the same is not written again").isEqualTo(first);
    manager().run("delete", "-f", file.toString(), "--wait=false");
  }

  @Test
  void shouldRefuseTheManagerWhatItHasNoNeedFor() {
    assertThat(manager().attempt("create", "secret", "generic", "x", "-n", NAMESPACE).errors())
        .contains("forbidden");
    assertThat(
            manager()
                .attempt("create", "clusterrole", "x", "--verb=get", "--resource=pods")
                .errors())
        .contains("forbidden");
    assertThat(manager().attempt("delete", "namespace", NAMESPACE).errors()).contains("forbidden");
  }

  @Test
  void shouldLetAGatewayReadItsShardsByNameAndNoOtherSecret() {
    manager().apply(CASES.resolve("gateway/out-objects.yaml"), AS_THE_MANAGER);
    Kubectl gateway = account("telemetry-otlp-gateway").kubectl();

    Kubectl.Said shard =
        gateway.attempt(
            "get", "secrets", "-n", NAMESPACE, "--field-selector=metadata.name=telemetry-plan-07");
    Kubectl.Said all = gateway.attempt("get", "secrets", "-n", NAMESPACE);

    assertThat(shard.code()).as(shard.errors()).isZero();
    assertThat(all.errors()).contains("forbidden");
  }

  @Test
  void shouldRunTheManagerWherePodSecurityRestrictedIsEnforced() {
    String strict = strictNamespace();

    assertThat(API.client().resource(pod(INSTALL, strict)).dryRun().create()).isNotNull();
  }

  @Test
  void shouldRunAGatewayWithoutFoldersOfTheNodeWherePodSecurityRestrictedIsEnforced() {
    String strict = strictNamespace();

    assertThat(
            API.client()
                .resource(pod(CASES.resolve("gateway-empty-dir/out-objects.yaml"), strict))
                .dryRun()
                .create())
        .isNotNull();
  }

  private static String strictNamespace() {
    String name = API.namespace("strict");
    API.kubectl().run("label", "namespace", name, "pod-security.kubernetes.io/enforce=restricted");
    API.kubectl().run("create", "serviceaccount", "telemetry-manager", "-n", name);
    API.kubectl().run("create", "serviceaccount", "telemetry-otlp-gateway", "-n", name);
    return name;
  }

  private static Pod pod(Path file, String namespace) {
    PodTemplateSpec template =
        API.client().load(stream(file)).items().stream()
            .flatMap(object -> template(object).stream())
            .findFirst()
            .orElseThrow();
    return new PodBuilder()
        .withNewMetadata()
        .withName("tried")
        .withNamespace(namespace)
        .endMetadata()
        .withSpec(template.getSpec())
        .build();
  }

  private static List<PodTemplateSpec> template(HasMetadata object) {
    return switch (object) {
      case Deployment set -> List.of(set.getSpec().getTemplate());
      case DaemonSet set -> List.of(set.getSpec().getTemplate());
      default -> List.of();
    };
  }

  private static InputStream stream(Path file) {
    return new ByteArrayInputStream(text(file).getBytes(StandardCharsets.UTF_8));
  }
}
