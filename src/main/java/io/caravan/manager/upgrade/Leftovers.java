/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.upgrade;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what the predecessor leaves and nothing here goes on with: its self-monitor, Fluent Bit,
 * the gateways of its older versions, and what its instances agreed by. The watches see only what
 * has all labels; older versions made objects without. Running it again does no harm.
 */
public final class Leftovers {
  private static final Logger LOG = LoggerFactory.getLogger("caravan");

  /** Of these there are few in the namespace: one list each is less than asking by name. */
  private static final List<Class<? extends HasMetadata>> LISTED =
      List.of(
          DaemonSet.class,
          Deployment.class,
          Service.class,
          NetworkPolicy.class,
          RoleBinding.class,
          Role.class,
          ServiceAccount.class);

  private final KubernetesClient client;
  private final String namespace;

  public Leftovers(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /**
   * Deletes all that is there.
   *
   * @return why something could not be deleted, for people, by what it is called
   * @throws KubernetesClientException if the API server cannot be asked
   */
  public SortedMap<String, String> delete() {
    SortedMap<String, String> failures = new TreeMap<>();
    Stream.of(listed(), named()).flatMap(each -> each).forEach(one -> delete(one, failures));
    return failures;
  }

  private Stream<HasMetadata> listed() {
    return LISTED.stream()
        .flatMap(type -> client.resources(type).inNamespace(namespace).list().getItems().stream())
        .<HasMetadata>map(each -> each)
        .filter(one -> Predecessor.OTHERS.contains(one.getMetadata().getName()));
  }

  private Stream<HasMetadata> named() {
    return Stream.of(
            named(ConfigMap.class, Predecessor.CONFIG_MAPS),
            named(Secret.class, Predecessor.SECRETS),
            named(ClusterRoleBinding.class, Predecessor.CLUSTER_ROLES),
            named(ClusterRole.class, Predecessor.CLUSTER_ROLES))
        .flatMap(each -> each);
  }

  private Stream<HasMetadata> named(Class<? extends HasMetadata> type, List<String> names) {
    boolean everywhere = type == ClusterRole.class || type == ClusterRoleBinding.class;
    return names.stream()
        .<@Nullable HasMetadata>map(
            name ->
                everywhere
                    ? client.resources(type).withName(name).get()
                    : client.resources(type).inNamespace(namespace).withName(name).get())
        .filter(Objects::nonNull)
        .map(Objects::requireNonNull);
  }

  private void delete(HasMetadata one, Map<String, String> failures) {
    if (!Predecessor.made(one) || one.isMarkedForDeletion()) {
      return;
    }
    String name = "%s %s".formatted(one.getKind(), one.getMetadata().getName());
    try {
      var _ = client.resource(one).withPropagationPolicy(DeletionPropagation.BACKGROUND).delete();
      LOG.atInfo().addKeyValue("object", name).log("Deleted: left by the predecessor");
    } catch (KubernetesClientException e) {
      failures.put(name, String.valueOf(e.getMessage()));
    }
  }
}
