/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.CapabilitiesBuilder;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.SeccompProfile;
import io.fabric8.kubernetes.api.model.SeccompProfileBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;

/**
 * Security contexts: everything that Pod Security <em>restricted</em> asks for, and a file system
 * that cannot be written to. Only {@link #folderOwner} is more than that.
 */
public final class PodSecurity {
  /** The user and group of all our processes. */
  public static final long USER = 10001;

  private PodSecurity() {}

  /** Of a pod whose volumes belong to the group {@link #USER}. */
  static PodSecurityContext pod() {
    return new PodSecurityContextBuilder()
        .withRunAsNonRoot(true)
        .withRunAsUser(USER)
        .withRunAsGroup(USER)
        .withFsGroup(USER)
        .withFsGroupChangePolicy("OnRootMismatch")
        .withSeccompProfile(seccomp())
        .build();
  }

  /** Of a pod that may read what only the group root can: container log files. */
  static PodSecurityContext podOfGroupRoot() {
    return new PodSecurityContextBuilder(pod()).withRunAsGroup(0L).build();
  }

  static SecurityContext container() {
    return new SecurityContextBuilder()
        .withAllowPrivilegeEscalation(false)
        .withPrivileged(false)
        .withReadOnlyRootFilesystem(true)
        .withRunAsNonRoot(true)
        .withCapabilities(none().build())
        .withSeccompProfile(seccomp())
        .build();
  }

  /**
   * Of the init container that gives the folder of journals to {@link #USER}: the kubelet makes it
   * as root, so root has to give it away. It may do nothing else that others may not.
   */
  static SecurityContext folderOwner() {
    return new SecurityContextBuilder(container())
        .withRunAsNonRoot(false)
        .withRunAsUser(0L)
        .withRunAsGroup(0L)
        .withCapabilities(none().withAdd("CHOWN").build())
        .build();
  }

  private static CapabilitiesBuilder none() {
    Capabilities none = new CapabilitiesBuilder().withDrop("ALL").build();
    return new CapabilitiesBuilder(none);
  }

  private static SeccompProfile seccomp() {
    return new SeccompProfileBuilder().withType("RuntimeDefault").build();
  }
}
