/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import io.caravan.acceptance.fixture.KubernetesAccess;
import io.caravan.acceptance.fixture.KubernetesApi;
import io.caravan.api.KameletSource;
import io.caravan.api.Pipeline;
import io.caravan.api.manifest.Found;
import io.caravan.api.manifest.ManifestReader;
import io.caravan.api.manifest.Manifests;
import io.caravan.plan.Mode;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.Plan;
import io.caravan.plan.Planner;
import io.caravan.plan.Snapshot;
import io.caravan.plan.shard.Shard;
import io.caravan.plan.shard.Shards;
import io.caravan.standalone.ShippedKamelets;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;

/**
 * What the manager makes for gateways, at a real API server: the shipped rights, and a plan in its
 * shards. It plans as the manager does, and writes what has changed by server-side apply. Of one
 * thread.
 */
public final class PlannedCluster {
  static final String NAMESPACE = "kyma-system";
  private static final Path SHIPPED =
      Path.of("src/test/resources/workloads/gateway/out-objects.yaml");
  private static final Set<String> RIGHTS =
      Set.of("ServiceAccount", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding");
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("caravan")
          .withForce(true)
          .build();

  private final KubernetesApi api;
  private final Map<String, Pipeline> pipelines = new LinkedHashMap<>();
  private final Map<String, KameletSource> kamelets = new LinkedHashMap<>();
  private List<Shard> shards = List.of();
  private Plan plan = Plan.EMPTY;

  /** A cluster without pipelines, whose API server has started. */
  public PlannedCluster(KubernetesApi api) {
    this.api = api;
    try {
      for (KameletSource each : ShippedKamelets.read()) {
        kamelets.put(each.name(), each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes the namespace and the shipped rights; who a gateway is. */
  public static KubernetesAccess install(KubernetesApi api) {
    KubernetesClient client = api.client();
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build())
        .serverSideApply();
    try (InputStream file = Files.newInputStream(SHIPPED)) {
      for (HasMetadata each : client.load(file).items()) {
        if (RIGHTS.contains(each.getKind())) {
          client.resource(each).serverSideApply();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return api.users().serviceAccount(NAMESPACE, "telemetry-otlp-gateway");
  }

  /** Pipelines and Kamelets as users write them; one of the same kind and name is changed. */
  public PlannedCluster with(String manifests) {
    Manifests read = ManifestReader.read(manifests, "test.yaml");
    if (read.hasErrors()) {
      throw new IllegalArgumentException(read.findings().toString());
    }
    for (Found<Pipeline> each : read.pipelines()) {
      String name = each.resource().id().toString();
      String uid =
          Optional.ofNullable(pipelines.get(name))
              .map(before -> before.id().uid())
              .orElseGet(() -> UUID.randomUUID().toString());
      Pipeline pipeline = each.resource();
      pipelines.put(
          name, pipeline.with(pipeline.metadata().of(Optional.of(uid), Optional.empty())));
    }
    read.kamelets().forEach(each -> kamelets.put(each.resource().name(), each.resource()));
    return this;
  }

  /** Deletes a pipeline, such as {@code tracepipeline/demo}. */
  public PlannedCluster without(String pipeline) {
    pipelines.remove(pipeline);
    return this;
  }

  /** Plans, and writes the objects that are others than before; their names. */
  public List<String> apply() {
    List<String> written = new ArrayList<>();
    List<Shard> before = shards;
    layOut();
    for (Shard shard : shards) {
      Shard old = before.isEmpty() ? null : before.get(shard.number());
      if (old == null || !old.config().equals(shard.config())) {
        api.client().resource(config(shard)).patch(APPLY);
        written.add("configmap/" + shard.name());
      }
      if (old == null || !old.secret().equals(shard.secret())) {
        api.client().resource(secret(shard)).patch(APPLY);
        written.add("secret/" + shard.name());
      }
    }
    return written;
  }

  private void layOut() {
    Instant now = Instant.now();
    plan =
        Planner.plan(
            new Snapshot(
                List.copyOf(pipelines.values()),
                Optional.empty(),
                List.of(),
                List.copyOf(kamelets.values()),
                Mode.CLUSTER,
                now));
    Shards laidOut = Shards.of(plan, shards, now, Shards.BOUND);
    if (!laidOut.refused().isEmpty()) {
      throw new IllegalStateException(laidOut.refused().toString());
    }
    shards = laidOut.shards();
  }

  private static HasMetadata config(Shard shard) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace(NAMESPACE)
        .withName(shard.name())
        .endMetadata()
        .withData(shard.config())
        .build();
  }

  private static HasMetadata secret(Shard shard) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(NAMESPACE)
        .withName(shard.name())
        .endMetadata()
        .withStringData(shard.secret())
        .build();
  }

  /** Deletes both objects of a pipeline's shard, which nobody should do. */
  public void deleteShardOf(String pipeline) {
    delete(Shard.name(Shard.of(planned(pipeline).id())));
  }

  /** Writes the shards as the kubelet mounts them. */
  public void mount(Path folder) throws IOException {
    for (Shard shard : shards) {
      mount(folder.resolve("config").resolve(shard.name()), shard.config());
      mount(folder.resolve("secret").resolve(shard.name()), shard.secret());
    }
  }

  private static void mount(Path volume, SortedMap<String, String> data) throws IOException {
    Path content = Files.createDirectories(volume.resolve("..2026_11_22"));
    Files.createSymbolicLink(volume.resolve("..data"), content.getFileName());
    for (Map.Entry<String, String> each : data.entrySet()) {
      Files.writeString(content.resolve(each.getKey()), each.getValue());
      Files.createSymbolicLink(
          volume.resolve(each.getKey()), Path.of("..data").resolve(each.getKey()));
    }
  }

  /** Deletes all that gateways follow, as if no manager had ever been there. */
  public void deleteShards() {
    for (int number = 0; number < Shard.COUNT; number++) {
      delete(Shard.name(number));
    }
  }

  private void delete(String name) {
    api.client().configMaps().inNamespace(NAMESPACE).withName(name).delete();
    api.client().secrets().inNamespace(NAMESPACE).withName(name).delete();
  }

  /** The digest that a pipeline has in the plan as it was written last. */
  public String digest(String pipeline) {
    return planned(pipeline).routes().orElseThrow().digest();
  }

  private PipelinePlan planned(String pipeline) {
    return plan.pipelines().stream()
        .filter(each -> each.id().toString().equals(pipeline))
        .findFirst()
        .orElseThrow();
  }
}
