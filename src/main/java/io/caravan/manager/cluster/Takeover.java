/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.caravan.manager.upgrade.FieldOwnership;
import io.caravan.manager.workload.Labels;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what the predecessor has left ready to be applied over: its fields become ours, so that
 * those that we do not set go, and what cannot be changed is replaced.
 */
final class Takeover {
  private static final Logger LOG = LoggerFactory.getLogger("caravan");
  private static final PatchContext JSON =
      new PatchContext.Builder()
          .withPatchType(PatchType.JSON)
          .withFieldManager(Applier.FIELD_MANAGER)
          .build();

  private final KubernetesClient client;
  private final Replacement replacement;

  Takeover(KubernetesClient client) {
    this.client = client;
    this.replacement = new Replacement(client);
  }

  /** Whether somebody else may have made an object that is called so. */
  static boolean concerns(HasMetadata desired) {
    // The plan's objects are ours alone; of definitions others set all but the conversion.
    return !(desired instanceof CustomResourceDefinition) && !Labels.isOfPlan(desired);
  }

  /**
   * Looks at an object before it is applied for the first time.
   *
   * @return why it cannot be applied yet, for people; empty if it can
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if it could not be made ready;
   *     what was done so far is not done again
   */
  Optional<String> prepare(HasMetadata desired) {
    HasMetadata live = client.resource(desired).get();
    if (live == null) {
      return Optional.empty();
    }
    if (replacement.isNeeded(live, desired)) {
      return Optional.of(replacement.advance(live, desired));
    }
    if (!roleOf(live).equals(roleOf(desired))) {
      delete(live);
    } else {
      FieldOwnership.takenOver(live, Applier.FIELD_MANAGER).ifPresent(all -> own(live, all));
    }
    return Optional.empty();
  }

  /** A binding's role cannot be changed; nobody notices that it is away for a moment. */
  private static Object roleOf(HasMetadata object) {
    return switch (object) {
      case RoleBinding binding -> binding.getRoleRef();
      case ClusterRoleBinding binding -> binding.getRoleRef();
      default -> Optional.empty();
    };
  }

  private void delete(HasMetadata live) {
    var _ = client.resource(live).withPropagationPolicy(DeletionPropagation.BACKGROUND).delete();
    LOG.atInfo().addKeyValue("object", ObjectKey.of(live)).log("Replaced: its role is another one");
  }

  private void own(HasMetadata live, List<ManagedFieldsEntry> ownership) {
    ArrayNode patch = JsonNodeFactory.instance.arrayNode();
    patch
        .addObject()
        .put("op", "replace")
        .put("path", "/metadata/managedFields")
        .set("value", client.getKubernetesSerialization().convertValue(ownership, ArrayNode.class));
    // Whoever has written meanwhile owns something else by now: then it is looked at again.
    patch
        .addObject()
        .put("op", "replace")
        .put("path", "/metadata/resourceVersion")
        .put("value", version(live));
    var _ = client.resource(live).patch(JSON, patch.toString());
    LOG.atInfo().addKeyValue("object", ObjectKey.of(live)).log("Taken over from the predecessor");
  }

  private static String version(HasMetadata object) {
    return Objects.requireNonNull(object.getMetadata().getResourceVersion());
  }
}
