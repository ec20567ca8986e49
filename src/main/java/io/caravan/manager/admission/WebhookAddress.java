/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.admission;

import io.caravan.manager.workload.ManagerObjects;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfigBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ServiceReferenceBuilder;

/** Where an API server finds the webhooks. */
public sealed interface WebhookAddress {

  /** The client configuration of an admission webhook. */
  WebhookClientConfig ofReview(String path, String caBundle);

  /** The same for a conversion webhook, which has types of its own. */
  io.fabric8.kubernetes.api.model.apiextensions.v1.WebhookClientConfig ofConversion(
      String path, String caBundle);

  /** The service {@value ManagerObjects#WEBHOOK_SERVICE} of a cluster. */
  static WebhookAddress service(String namespace) {
    return new OfService(namespace, OfService.HTTPS);
  }

  /**
   * By the service {@value ManagerObjects#WEBHOOK_SERVICE}.
   *
   * @param namespace of the service
   * @param port of the service, from 1 to 65535
   */
  record OfService(String namespace, int port) implements WebhookAddress {
    private static final int HTTPS = 443;

    @Override
    public WebhookClientConfig ofReview(String path, String caBundle) {
      return new WebhookClientConfigBuilder()
          .withNewService(ManagerObjects.WEBHOOK_SERVICE, namespace, path, port)
          .withCaBundle(caBundle)
          .build();
    }

    @Override
    public io.fabric8.kubernetes.api.model.apiextensions.v1.WebhookClientConfig ofConversion(
        String path, String caBundle) {
      return new io.fabric8.kubernetes.api.model.apiextensions.v1.WebhookClientConfigBuilder()
          .withService(
              new ServiceReferenceBuilder()
                  .withName(ManagerObjects.WEBHOOK_SERVICE)
                  .withNamespace(namespace)
                  .withPath(path)
                  .withPort(port)
                  .build())
          .withCaBundle(caBundle)
          .build();
    }
  }

  /**
   * By a URL, for a manager that runs outside of the cluster.
   *
   * @param base without a path: {@code https://10.0.0.1:9443}; the certificate has to be of that
   *     host
   */
  record OfUrl(String base) implements WebhookAddress {

    @Override
    public WebhookClientConfig ofReview(String path, String caBundle) {
      return new WebhookClientConfigBuilder().withUrl(base + path).withCaBundle(caBundle).build();
    }

    @Override
    public io.fabric8.kubernetes.api.model.apiextensions.v1.WebhookClientConfig ofConversion(
        String path, String caBundle) {
      return new io.fabric8.kubernetes.api.model.apiextensions.v1.WebhookClientConfigBuilder()
          .withUrl(base + path)
          .withCaBundle(caBundle)
          .build();
    }
  }
}
