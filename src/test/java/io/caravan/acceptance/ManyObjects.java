/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import io.caravan.otlp.TestPki;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many pipelines of all kinds with client certificates, and the Secrets of a large cluster. */
final class ManyObjects {
  static final List<String> KINDS = List.of("TracePipeline", "LogPipeline", "MetricPipeline");
  private static final int WRITERS = 12;

  /** Of certificates, which several Secrets share: to make one takes long. */
  private static final int IDENTITIES = 20;

  private final KubernetesClient client;
  private final int namespaces;
  private final String authority;
  private final List<TestPki.Identity> identities = new ArrayList<>();

  ManyObjects(KubernetesClient client, int namespaces) throws Exception {
    this.client = client;
    this.namespaces = namespaces;
    TestPki pki = new TestPki();
    authority = pki.certificate();
    for (int i = 0; i < IDENTITIES; i++) {
      identities.add(pki.identity("EC"));
    }
  }

  /** Makes pipelines, a Secret for each, and Secrets that nothing refers to. */
  void make(int pipelines, int otherSecrets) throws InterruptedException, ExecutionException {
    List<HasMetadata> first = new ArrayList<>();
    for (int i = 0; i < namespaces; i++) {
      first.add(
          new NamespaceBuilder().withNewMetadata().withName("team-" + i).endMetadata().build());
    }
    create(first);
    List<HasMetadata> objects = new ArrayList<>();
    for (int i = 0; i < otherSecrets; i++) {
      objects.add(secret("other-" + i, namespace(i), Map.of("key", "value " + i)));
    }
    for (int i = 0; i < pipelines; i++) {
      objects.add(credentials(i, 0));
    }
    for (int i = 0; i < pipelines; i++) {
      objects.add(pipeline(i, "https://backend-" + i + ".example:4317"));
    }
    create(objects);
  }

  private void create(List<HasMetadata> objects) throws InterruptedException, ExecutionException {
    try (ExecutorService writers =
        Executors.newFixedThreadPool(WRITERS, Thread.ofPlatform().daemon().factory())) {
      List<Future<?>> written = new ArrayList<>();
      for (HasMetadata each : objects) {
        written.add(writers.submit(() -> client.resource(each).create()));
      }
      for (Future<?> each : written) {
        var _ = each.get();
      }
    }
  }

  private String namespace(int number) {
    return "team-" + number % namespaces;
  }

  /** The Secret of a pipeline. */
  Secret credentials(int pipeline, int version) {
    TestPki.Identity identity = identities.get((pipeline + version) % IDENTITIES);
    return secret(
        "mtls-" + pipeline,
        namespace(pipeline),
        Map.of(
            "tls.crt", identity.certificate(), "tls.key", identity.pkcs8(), "ca.crt", authority));
  }

  private static Secret secret(String name, String namespace, Map<String, String> data) {
    return new SecretBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .endMetadata()
        .withStringData(data)
        .build();
  }

  static String kind(int number) {
    return KINDS.get(number % KINDS.size());
  }

  static String name(int number) {
    return "pipeline-" + number;
  }

  GenericKubernetesResource pipeline(int number, String endpoint) {
    Map<String, Object> tls =
        Map.of(
            "ca", reference(number, "ca.crt"),
            "cert", reference(number, "tls.crt"),
            "key", reference(number, "tls.key"));
    Map<String, Object> otlp = Map.of("endpoint", Map.of("value", endpoint), "tls", tls);
    return new GenericKubernetesResourceBuilder()
        .withApiVersion("telemetry.kyma-project.io/v1beta1")
        .withKind(kind(number))
        .withNewMetadata()
        .withName(name(number))
        .endMetadata()
        .addToAdditionalProperties("spec", Map.of("output", Map.of("otlp", otlp)))
        .build();
  }

  private Map<String, Object> reference(int number, String key) {
    return Map.of(
        "valueFrom",
        Map.of(
            "secretKeyRef",
            Map.of("name", "mtls-" + number, "namespace", namespace(number), "key", key)));
  }
}
