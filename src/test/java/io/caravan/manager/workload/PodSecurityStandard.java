/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SeccompProfile;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a pod has that Pod Security <em>restricted</em> forbids, in words. Written from the
 * published standard, and not from what our classes set; an API server says the same in other
 * words.
 */
public final class PodSecurityStandard {
  private static final Set<String> SECCOMP = Set.of("RuntimeDefault", "Localhost");

  private PodSecurityStandard() {}

  /** Empty for a pod that an enforcing namespace takes. */
  public static List<String> violations(PodSpec pod) {
    List<String> found = new ArrayList<>();
    if (isTrue(pod.getHostNetwork()) || isTrue(pod.getHostPID()) || isTrue(pod.getHostIPC())) {
      found.add("host namespaces");
    }
    pod.getVolumes().stream()
        .filter(volume -> !allowed(volume))
        .forEach(volume -> found.add("volume " + volume.getName()));
    Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())
        .forEach(container -> check(pod.getSecurityContext(), container, found));
    return found;
  }

  private static void check(PodSecurityContext pod, Container container, List<String> found) {
    SecurityContext own = container.getSecurityContext();
    String name = container.getName() + ": ";
    if (isTrue(own.getPrivileged())) {
      found.add(name + "privileged");
    }
    if (!Boolean.FALSE.equals(own.getAllowPrivilegeEscalation())) {
      found.add(name + "allowPrivilegeEscalation");
    }
    if (!isTrue(first(own.getRunAsNonRoot(), pod.getRunAsNonRoot()))) {
      found.add(name + "runAsNonRoot");
    }
    if (Objects.equals(first(own.getRunAsUser(), pod.getRunAsUser()), 0L)) {
      found.add(name + "runAsUser");
    }
    SeccompProfile seccomp = first(own.getSeccompProfile(), pod.getSeccompProfile());
    if (!SECCOMP.contains(seccomp.getType())) {
      found.add(name + "seccompProfile");
    }
    if (!own.getCapabilities().getDrop().contains("ALL")) {
      found.add(name + "capabilities");
    }
    own.getCapabilities().getAdd().stream()
        .filter(capability -> !capability.equals("NET_BIND_SERVICE"))
        .forEach(capability -> found.add(name + "capability " + capability));
    container.getPorts().stream()
        .filter(port -> port.getHostPort() != null && port.getHostPort() != 0)
        .forEach(_ -> found.add(name + "hostPort"));
  }

  private static boolean allowed(Volume volume) {
    return Stream.of(
            volume.getConfigMap(),
            volume.getCsi(),
            volume.getDownwardAPI(),
            volume.getEmptyDir(),
            volume.getEphemeral(),
            volume.getPersistentVolumeClaim(),
            volume.getProjected(),
            volume.getSecret())
        .anyMatch(Objects::nonNull);
  }

  private static <T> T first(T container, T pod) {
    return Optional.ofNullable(container).orElse(pod);
  }

  private static boolean isTrue(Boolean value) {
    return Boolean.TRUE.equals(value);
  }
}
