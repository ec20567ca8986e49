/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.api.Test;

class FingerprintTest {
  private final Fingerprint fingerprint = new Fingerprint(new KubernetesSerialization());

  @Test
  void shouldBeTheSameForAServiceWhoseStatusAloneHasChanged() {
    assertThat(fingerprint.of(service("1", "10.0.0.1", "one")))
        .isEqualTo(fingerprint.of(service("2", "10.0.0.1", "two")));
  }

  @Test
  void shouldBeAnotherForAServiceThatSomebodyHasChanged() {
    assertThat(fingerprint.of(service("1", "10.0.0.1", "one")))
        .isNotEqualTo(fingerprint.of(service("2", "10.0.0.2", "one")));
  }

  @Test
  void shouldBeAnotherForEachVersionOfAConfigMapWhoseDataNobodyKeeps() {
    assertThat(fingerprint.of(config("1"))).isNotEqualTo(fingerprint.of(config("2")));
    assertThat(fingerprint.of(config("1"))).isEqualTo(fingerprint.of(config("1")));
  }

  private static HasMetadata service(String version, String address, String balancer) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withName("telemetry-otlp")
        .withResourceVersion(version)
        .endMetadata()
        .withNewSpec()
        .withClusterIP(address)
        .endSpec()
        .withNewStatus()
        .withNewLoadBalancer()
        .addNewIngress()
        .withHostname(balancer)
        .endIngress()
        .endLoadBalancer()
        .endStatus()
        .build();
  }

  private static HasMetadata config(String version) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName("telemetry-plan-00")
        .withResourceVersion(version)
        .endMetadata()
        .build();
  }
}
