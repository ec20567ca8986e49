/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.Map;
import java.util.SortedMap;

/** The manager's own pods, which meet Pod Security <em>restricted</em> without exception. */
final class ManagerDeployment {
  /** Of which the image makes a quarter heap: enough for a thousand pipelines. */
  private static final Sizing SIZING = new Sizing("10m", Bytes.mebi(160), Bytes.mebi(256));

  /** Most of the heap lives long, nothing is hot, and many texts are equal. */
  private static final String JVM =
      "-XX:NewRatio=7 -XX:TieredStopAtLevel=1 -XX:+UseStringDeduplication"
          + " -XX:TrimNativeHeapInterval=10000";

  private ManagerDeployment() {}

  static Deployment of(Installation installation) {
    return new DeploymentBuilder()
        .withMetadata(ManagerObjects.metadata(installation, ManagerObjects.NAME))
        .withNewSpec()
        .withReplicas(1)
        .withNewSelector()
        .withMatchLabels(Labels.selector(ManagerObjects.NAME))
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(podLabels())
        .withAnnotations(Map.of("kubectl.kubernetes.io/default-container", "manager"))
        .endMetadata()
        .withNewSpec()
        .withServiceAccountName(ManagerObjects.NAME)
        .withPriorityClassName(installation.priorityClasses().normal())
        .withSecurityContext(PodSecurity.pod())
        .withTerminationGracePeriodSeconds(30L)
        .withContainers(container(installation))
        .withVolumes(Storage.temporary().volumes())
        .withImagePullSecrets(
            installation.imagePullSecrets().stream().map(LocalObjectReference::new).toList())
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  /** The API server calls it without a mesh's certificate. */
  private static SortedMap<String, String> podLabels() {
    SortedMap<String, String> labels = Labels.of(ManagerObjects.NAME, Labels.MANAGER);
    labels.put(Labels.SIDECAR, "false");
    return labels;
  }

  private static Container container(Installation installation) {
    return new ContainerBuilder()
        .withName("manager")
        .withImage(installation.image())
        .withArgs("manager", "--bind=0.0.0.0", "--admin-port=" + Port.MANAGER_METRICS.number())
        .withEnv(
            new EnvVarBuilder()
                .withName("CARAVAN_NAMESPACE")
                .withNewValueFrom()
                .withNewFieldRef("v1", "metadata.namespace")
                .endValueFrom()
                .build(),
            new EnvVarBuilder()
                .withName("MY_POD_NAME")
                .withNewValueFrom()
                .withNewFieldRef("v1", "metadata.name")
                .endValueFrom()
                .build(),
            new EnvVar("CARAVAN_IMAGE", installation.image(), null),
            new EnvVar("CARAVAN_LOG_FORMAT", "json", null),
            new EnvVar("CARAVAN_LOG_LEVEL", installation.logLevel(), null),
            new EnvVar("JDK_JAVA_OPTIONS", JVM, null))
        .withPorts(
            Port.MANAGER_METRICS.ofContainer(),
            Port.MANAGER_PROBES.ofContainer(),
            Port.WEBHOOK.ofContainer())
        .withResources(SIZING.requirements())
        .withSecurityContext(PodSecurity.container())
        .withVolumeMounts(Storage.temporary().mounts())
        .withLivenessProbe(probe("/healthz", 10, 6))
        .withReadinessProbe(probe("/readyz", 2, 3))
        // What cannot start ends by itself; on a busy node it takes its time.
        .withStartupProbe(probe("/healthz", 1, 300))
        .build();
  }

  private static Probe probe(String path, int period, int failures) {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath(path)
        .withNewPort(Port.MANAGER_PROBES.number())
        .endHttpGet()
        .withPeriodSeconds(period)
        .withTimeoutSeconds(3)
        .withFailureThreshold(failures)
        .build();
  }
}
