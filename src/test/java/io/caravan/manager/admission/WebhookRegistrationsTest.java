/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.manager.workload.ManagerObjects;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The registrations as they go to an API server. */
final class WebhookRegistrationsTest {

  private static final WebhookAddress SERVICE = WebhookAddress.service("kyma-system");

  @Test
  void shouldRegisterUnderTheNamesOfThePredecessor() {
    assertThat(WebhookRegistrations.of(SERVICE, "Y2E="))
        .extracting(object -> object.getKind() + " " + object.getMetadata().getName())
        .containsExactly(
            "MutatingWebhookConfiguration telemetry-mutating-webhook.kyma-project.io",
            "ValidatingWebhookConfiguration telemetry-validating-webhook.kyma-project.io",
            "CustomResourceDefinition logpipelines.telemetry.kyma-project.io",
            "CustomResourceDefinition metricpipelines.telemetry.kyma-project.io");
  }

  @Test
  void shouldHaveAnEntryForEachKindInEachVersion() {
    assertThat(WebhookRegistrations.mutating(SERVICE, "Y2E=").getWebhooks())
        .extracting(
            webhook -> webhook.getName() + " " + webhook.getClientConfig().getService().getPath())
        .containsExactly(
            "mutating-logpipelines-v1beta1.kyma-project.io /mutate-telemetry-kyma-project-io-v1beta1-logpipeline",
            "mutating-logpipelines-v1alpha1.kyma-project.io /mutate-telemetry-kyma-project-io-v1alpha1-logpipeline",
            "mutating-metricpipelines-v1beta1.kyma-project.io /mutate-telemetry-kyma-project-io-v1beta1-metricpipeline",
            "mutating-metricpipelines-v1alpha1.kyma-project.io /mutate-telemetry-kyma-project-io-v1alpha1-metricpipeline",
            "mutating-tracepipelines-v1beta1.kyma-project.io /mutate-telemetry-kyma-project-io-v1beta1-tracepipeline",
            "mutating-tracepipelines-v1alpha1.kyma-project.io /mutate-telemetry-kyma-project-io-v1alpha1-tracepipeline");
    assertThat(WebhookRegistrations.validating(SERVICE, "Y2E=").getWebhooks())
        .extracting(
            webhook -> webhook.getName() + " " + webhook.getClientConfig().getService().getPath())
        .hasSize(6)
        .contains(
            "validating-logpipelines-v1beta1.kyma-project.io /validate-telemetry-kyma-project-io-v1beta1-logpipeline",
            "validating-tracepipelines-v1alpha1.kyma-project.io /validate-telemetry-kyma-project-io-v1alpha1-tracepipeline");
  }

  @Test
  void shouldSayWhatThePredecessorSaysOfAnEntry() {
    assertThat(yaml(WebhookRegistrations.validating(SERVICE, "Y2E=")))
        .contains(
            """
            - admissionReviewVersions:
              - "v1"
              clientConfig:
                caBundle: "Y2E="
                service:
                  name: "telemetry-manager-webhook"
                  namespace: "kyma-system"
                  path: "/validate-telemetry-kyma-project-io-v1beta1-logpipeline"
                  port: 443
              failurePolicy: "Fail"
              matchPolicy: "Exact"
              name: "validating-logpipelines-v1beta1.kyma-project.io"
              rules:
              - apiGroups:
                - "telemetry.kyma-project.io"
                apiVersions:
                - "v1beta1"
                operations:
                - "CREATE"
                - "UPDATE"
                resources:
                - "logpipelines"
                scope: "*"
              sideEffects: "None"
              timeoutSeconds: 15
            """);
  }

  @Test
  void shouldSayNothingOfADefinitionButItsConversion() {
    List<String> definitions =
        WebhookRegistrations.conversions(new WebhookAddress.OfUrl("https://127.0.0.1:9443"), "Y2E=")
            .map(WebhookRegistrationsTest::yaml)
            .toList();

    assertThat(definitions.getFirst())
        .isEqualTo(
            """
            ---
            apiVersion: "apiextensions.k8s.io/v1"
            kind: "CustomResourceDefinition"
            metadata:
              name: "logpipelines.telemetry.kyma-project.io"
            spec:
              conversion:
                strategy: "Webhook"
                webhook:
                  clientConfig:
                    caBundle: "Y2E="
                    url: "https://127.0.0.1:9443/convert"
                  conversionReviewVersions:
                  - "v1"
            """);
  }

  @Test
  void shouldCallTheServiceThatIsDeployed() {
    assertThat(WebhookRegistrations.mutating(SERVICE, "Y2E=").getWebhooks())
        .allSatisfy(
            webhook ->
                assertThat(webhook.getClientConfig().getService().getName())
                    .isEqualTo(ManagerObjects.WEBHOOK_SERVICE));
  }

  private static String yaml(HasMetadata object) {
    return Serialization.asYaml(object);
  }
}
