/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.List;
import java.util.stream.Stream;

/** Volumes of a pod, with where its container has them and what tells it so. */
record Storage(List<Volume> volumes, List<VolumeMount> mounts, List<EnvVar> environment) {
  static final Storage NONE = new Storage(List.of(), List.of(), List.of());

  /** The folder of journals in the container. */
  static final String DATA = "/var/lib/caravan";

  /** The Secret with the token that reads {@code /plan}; its key is {@code token}. */
  static final String TOKEN_SECRET = "telemetry-plan-token";

  /** The file with that token. */
  static final String TOKEN_FILE = "/etc/caravan/token/token";

  private static final String TRUST_BUNDLE_FOLDER = "/etc/ssl/certs";
  private static final String TRUST_BUNDLE_FILE = "ca-certificates.crt";

  Storage {
    volumes = List.copyOf(volumes);
    mounts = List.copyOf(mounts);
    environment = List.copyOf(environment);
  }

  Storage and(Storage other) {
    return new Storage(
        joined(volumes, other.volumes),
        joined(mounts, other.mounts),
        joined(environment, other.environment));
  }

  static Storage plan() {
    return new Storage(PlanVolumes.volumes(), PlanVolumes.mounts(), List.of());
  }

  static Storage journal(JournalVolume journal) {
    return new Storage(
        journal.volume().stream().toList(),
        List.of(mount(JournalVolume.NAME, DATA).build()),
        List.of());
  }

  /** Optional, for the workload may be there before the token is. */
  static Storage token() {
    return new Storage(
        List.of(
            new VolumeBuilder()
                .withName("plan-token")
                .withNewSecret()
                .withSecretName(TOKEN_SECRET)
                .withOptional(true)
                .endSecret()
                .build()),
        List.of(mount("plan-token", "/etc/caravan/token").withReadOnly(true).build()),
        List.of());
  }

  /** The native libraries are unpacked to it; nothing else is written there. */
  static Storage temporary() {
    return new Storage(
        List.of(
            new VolumeBuilder()
                .withName("tmp")
                .withNewEmptyDir()
                .withSizeLimit(Bytes.mebi(64).quantity())
                .endEmptyDir()
                .build()),
        List.of(mount("tmp", "/tmp").build()),
        List.of());
  }

  /** Certificate authorities in place of the image's; {@code SSL_CERT_FILE} is read by ours too. */
  static Storage trustBundle(Installation installation) {
    return installation.trustBundle().map(Storage::bundle).orElse(NONE);
  }

  private static Storage bundle(String name) {
    return new Storage(
        List.of(
            new VolumeBuilder()
                .withName("custom-ca-bundle")
                .withNewProjected()
                .addNewSource()
                .withNewClusterTrustBundle()
                .withName(name)
                .withPath(TRUST_BUNDLE_FILE)
                .endClusterTrustBundle()
                .endSource()
                .endProjected()
                .build()),
        List.of(mount("custom-ca-bundle", TRUST_BUNDLE_FOLDER).withReadOnly(true).build()),
        List.of(
            new EnvVarBuilder()
                .withName("SSL_CERT_FILE")
                .withValue(TRUST_BUNDLE_FOLDER + "/" + TRUST_BUNDLE_FILE)
                .build()));
  }

  /** The log files of the node's containers. */
  static Storage containerLogs() {
    return new Storage(
        List.of(
            new VolumeBuilder()
                .withName("varlogpods")
                .withNewHostPath()
                .withPath("/var/log/pods")
                .withType("")
                .endHostPath()
                .build()),
        List.of(mount("varlogpods", "/var/log/pods").withReadOnly(true).build()),
        List.of());
  }

  /** The certificates with which the sidecar scrapes; it writes them into this folder. */
  static Storage sidecarCertificates() {
    return new Storage(
        List.of(
            new VolumeBuilder().withName("istio-certs").withNewEmptyDir().endEmptyDir().build()),
        List.of(mount("istio-certs", "/etc/istio-output-certs").withReadOnly(true).build()),
        List.of());
  }

  private static VolumeMountBuilder mount(String volume, String path) {
    return new VolumeMountBuilder().withName(volume).withMountPath(path);
  }

  private static <T> List<T> joined(List<T> left, List<T> right) {
    return Stream.concat(left.stream(), right.stream()).toList();
  }
}
