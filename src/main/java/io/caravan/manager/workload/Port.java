/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;

/** A TCP port, as containers, services and policies write it; one number for all of them. */
public enum Port {
  OTLP_GRPC("grpc-collector", 4317),
  OTLP_HTTP("http-collector", 4318),
  /** Metrics, probes and {@code /plan} of the data plane. */
  ADMIN("http-metrics", 8888),
  /** What Istio's sidecar tells about itself. */
  SIDECAR_METRICS("http-envoy-prom", 15090),
  /** Metrics of the manager. */
  MANAGER_METRICS("http-metrics", 8080),
  /** Probes of the manager. */
  MANAGER_PROBES("http-probes", 8081),
  WEBHOOK("webhook", 9443);

  private final String portName;
  private final int number;

  Port(String portName, int number) {
    this.portName = portName;
    this.number = number;
  }

  /** From 1 to 65535. */
  public int number() {
    return number;
  }

  ContainerPort ofContainer() {
    return new ContainerPortBuilder()
        .withName(portName)
        .withContainerPort(number)
        .withProtocol("TCP")
        .build();
  }

  ServicePort ofService() {
    return ofService(number);
  }

  /** Where the service has another number than the pods. */
  ServicePort ofService(int port) {
    return new ServicePortBuilder()
        .withName(portName)
        .withPort(port)
        .withProtocol("TCP")
        .withTargetPort(new IntOrString(number))
        .build();
  }

  NetworkPolicyPort ofPolicy() {
    return ofPolicy(number, "TCP");
  }

  static NetworkPolicyPort ofPolicy(int number, String protocol) {
    return new NetworkPolicyPortBuilder()
        .withPort(new IntOrString(number))
        .withProtocol(protocol)
        .build();
  }
}
