/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.acceptance.fixture.KubernetesAccess;
import io.caravan.acceptance.fixture.KubernetesApi;
import io.caravan.acceptance.fixture.Programs;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** That the API server of the tests takes and refuses what a cluster's does. */
class KubernetesApiTest {
  private static final Path CRDS = Programs.home().resolve("deploy/crds");

  @RegisterExtension static final KubernetesApi API = KubernetesApi.shared();

  @BeforeAll
  static void installTheResourceDefinitions() {
    API.kubectl().apply(CRDS);
    API.kubectl()
        .run("wait", "--for=condition=Established", "--timeout=60s", "-f", CRDS.toString());
  }

  @Test
  void shouldTakeAPipelineThatTheResourceDefinitionAllows() {
    API.kubectl().apply(pipeline("allowed", "{value: 'http://backend:4317'}"), "--dry-run=server");
  }

  @Test
  void shouldRefuseAPipelineWithTheMessageOfTheCelRuleThatItBreaks() {
    String both =
        "{value: 'http://backend:4317', valueFrom: {secretKeyRef: {name: backend, namespace: default, key: url}}}";

    assertThat(API.kubectl().refusal(pipeline("refused", both)))
        .contains("Only one of 'value' or 'valueFrom' can be set");
  }

  @Test
  void shouldLetAServiceAccountDoWhatItsRoleSaysAndNothingElse() {
    String namespace = API.namespace("account");
    KubernetesAccess reader = API.users().serviceAccount(namespace, "reader");
    API.kubectl()
        .run("create", "role", "reader", "-n", namespace, "--verb=list", "--resource=configmaps");
    API.kubectl()
        .run(
            "create",
            "rolebinding",
            "reader",
            "-n",
            namespace,
            "--role=reader",
            "--serviceaccount=" + namespace + ":reader");

    assertThat(reader.client().configMaps().inNamespace(namespace).list().getItems()).isEmpty();
    assertThatThrownBy(() -> reader.client().secrets().inNamespace(namespace).list())
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(403));
    assertThat(reader.kubectl().attempt("get", "secrets", "-n", namespace).errors())
        .contains("system:serviceaccount:" + namespace + ":reader", "cannot list");
  }

  @Test
  void shouldDecideForTheUserThatTheAdministratorImpersonates() {
    String namespace = API.namespace("impersonated");

    try (KubernetesAccess nobody = API.users().administrator().as("nobody", "a-group")) {
      assertThatThrownBy(() -> nobody.client().configMaps().inNamespace(namespace).list())
          .hasMessageContaining("User \"nobody\" cannot list");
      assertThat(nobody.kubectl().run("auth", "whoami")).contains("nobody", "a-group");
    }
  }

  private static String pipeline(String name, String endpoint) {
    return """
        apiVersion: telemetry.kyma-project.io/v1beta1
        kind: TracePipeline
        metadata:
          name: kit-%s
        spec:
          output:
            otlp:
              endpoint: %s
        """
        .formatted(name, endpoint);
  }
}
