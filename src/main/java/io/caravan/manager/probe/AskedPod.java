/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.probe;

import io.caravan.manager.status.PodReadiness;
import io.caravan.manager.workload.Port;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/**
 * A ready pod of the data plane, as it is asked.
 *
 * @param uid another one is another pod, whatever its name
 * @param ip an IPv4 or IPv6 address
 * @param port of its admin server
 */
public record AskedPod(String name, String uid, String ip, int port) {

  /** Empty unless the pod is ready and has an address. */
  public static Optional<AskedPod> of(Pod pod) {
    return Optional.of(pod)
        .filter(PodReadiness::isReady)
        .flatMap(ready -> Optional.ofNullable(ready.getStatus().getPodIP()))
        .filter(ip -> !ip.isEmpty())
        .map(
            ip ->
                new AskedPod(
                    pod.getMetadata().getName(),
                    Optional.ofNullable(pod.getMetadata().getUid()).orElse(""),
                    ip,
                    Port.ADMIN.number()));
  }

  /** As it stands in a URI. */
  public String authority() {
    return ip.indexOf(':') < 0 ? ip + ":" + port : "[%s]:%d".formatted(ip, port);
  }
}
