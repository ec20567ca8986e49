/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.admission;

import io.caravan.api.schema.ApiVersion;
import io.caravan.api.schema.ResourceKind;
import io.caravan.manager.workload.Labels;
import io.caravan.manager.workload.ManagerObjects;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.RuleWithOperations;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.RuleWithOperationsBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an API server has to know to call the webhooks: names, paths, versions and limits are the
 * predecessor's, so that its registrations are taken over in place.
 */
public final class WebhookRegistrations {
  private static final String MUTATING = "telemetry-mutating-webhook.kyma-project.io";
  private static final String VALIDATING = "telemetry-validating-webhook.kyma-project.io";

  /** The version of the reviews, the only one that Kubernetes has not deprecated. */
  private static final String REVIEW = "v1";

  /** An object that nobody has judged is not stored. */
  private static final String ON_FAILURE = "Fail";

  /** Each version has entries of its own, so none has to be converted before it is judged. */
  private static final String MATCH = "Exact";

  private static final String SIDE_EFFECTS = "None";
  private static final int TIMEOUT_SECONDS = 15;

  private WebhookRegistrations() {}

  /**
   * All of them, to be applied server-side. Of the resource definitions there is only what we set,
   * {@code spec.conversion}: the rest of a definition is not touched by that.
   *
   * @param caBundle base64 of PEM, see {@link WebhookCertificates#caBundle()}
   */
  public static List<HasMetadata> of(WebhookAddress address, String caBundle) {
    List<HasMetadata> objects = new ArrayList<>();
    objects.add(mutating(address, caBundle));
    objects.add(validating(address, caBundle));
    conversions(address, caBundle).forEach(objects::add);
    return objects;
  }

  /** Who sets the defaults. */
  static MutatingWebhookConfiguration mutating(WebhookAddress address, String caBundle) {
    return new MutatingWebhookConfigurationBuilder()
        .withMetadata(metadata(MUTATING))
        .withWebhooks(entries().map(entry -> mutating(entry, address, caBundle)).toList())
        .build();
  }

  /** Who judges. */
  static ValidatingWebhookConfiguration validating(WebhookAddress address, String caBundle) {
    return new ValidatingWebhookConfigurationBuilder()
        .withMetadata(metadata(VALIDATING))
        .withWebhooks(entries().map(entry -> validating(entry, address, caBundle)).toList())
        .build();
  }

  /** Who converts, one a definition whose versions differ. */
  static Stream<CustomResourceDefinition> conversions(WebhookAddress address, String caBundle) {
    return Arrays.stream(ResourceKind.values())
        .filter(ResourceKind::isConvertedByWebhook)
        .map(
            kind ->
                new CustomResourceDefinitionBuilder()
                    .withNewMetadata()
                    .withName(kind.definitionName())
                    .endMetadata()
                    .withNewSpec()
                    .withNewConversion()
                    .withStrategy("Webhook")
                    .withNewWebhook()
                    .withClientConfig(address.ofConversion(Webhooks.CONVERT, caBundle))
                    .withConversionReviewVersions(REVIEW)
                    .endWebhook()
                    .endConversion()
                    .endSpec()
                    .build());
  }

  private record Entry(ResourceKind kind, ApiVersion version) {

    String name(String what) {
      return "%s-%s-%s.kyma-project.io".formatted(what, kind.plural(), version);
    }

    RuleWithOperations rule() {
      return new RuleWithOperationsBuilder()
          .withApiGroups(kind.group())
          .withApiVersions(version.version())
          .withResources(kind.plural())
          .withOperations("CREATE", "UPDATE")
          .withScope("*")
          .build();
    }
  }

  private static Stream<Entry> entries() {
    return Webhooks.KINDS.stream()
        .flatMap(kind -> kind.versions().stream().map(version -> new Entry(kind, version)));
  }

  private static MutatingWebhook mutating(Entry entry, WebhookAddress address, String caBundle) {
    return new MutatingWebhookBuilder()
        .withName(entry.name("mutating"))
        .withClientConfig(
            address.ofReview(Webhooks.mutate(entry.kind(), entry.version()), caBundle))
        .withRules(entry.rule())
        .withAdmissionReviewVersions(REVIEW)
        .withFailurePolicy(ON_FAILURE)
        .withMatchPolicy(MATCH)
        .withSideEffects(SIDE_EFFECTS)
        .withTimeoutSeconds(TIMEOUT_SECONDS)
        .build();
  }

  private static ValidatingWebhook validating(
      Entry entry, WebhookAddress address, String caBundle) {
    return new ValidatingWebhookBuilder()
        .withName(entry.name("validating"))
        .withClientConfig(
            address.ofReview(Webhooks.validate(entry.kind(), entry.version()), caBundle))
        .withRules(entry.rule())
        .withAdmissionReviewVersions(REVIEW)
        .withFailurePolicy(ON_FAILURE)
        .withMatchPolicy(MATCH)
        .withSideEffects(SIDE_EFFECTS)
        .withTimeoutSeconds(TIMEOUT_SECONDS)
        .build();
  }

  private static ObjectMeta metadata(String name) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withLabels(Labels.of(ManagerObjects.NAME, "controller"))
        .build();
  }
}
