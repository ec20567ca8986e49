/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.upgrade;

import io.caravan.api.schema.ResourceKind;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Has an API server store anew what it stores in an older version, so that the version can once be
 * taken out of the definition. Nothing is written where there is nothing to do; what was
 * interrupted can be run again.
 */
public final class StoredVersions {
  /** Objects a request. */
  private static final long PAGE = 500;

  private final KubernetesClient client;

  public StoredVersions(KubernetesClient client) {
    this.client = client;
  }

  /**
   * What came of it.
   *
   * @param rewritten how many objects were written as they were
   * @param refused what the API server said of objects that it did not take, by their names; as
   *     long as there is one, the definition goes on naming the older version
   */
  public record Outcome(int rewritten, Map<String, String> refused) {
    private static final Outcome NOTHING = new Outcome(0, Map.of());

    public Outcome {
      refused = Map.copyOf(refused);
    }
  }

  /**
   * Rewrites all objects of a kind, unless only its present version is stored. The conversion
   * webhook has to answer.
   *
   * @throws KubernetesClientException if the API server cannot be asked, or somebody has changed
   *     the definition meanwhile: try again
   */
  public Outcome rewrite(ResourceKind kind) {
    CustomResourceDefinition definition =
        client
            .apiextensions()
            .v1()
            .customResourceDefinitions()
            .withName(kind.definitionName())
            .get();
    String stored = kind.stored().version();
    if (definition == null || !isStoredNow(definition, stored)) {
      return Outcome.NOTHING;
    }
    if (definition.getStatus().getStoredVersions().equals(List.of(stored))) {
      return Outcome.NOTHING;
    }
    if (kind.isConvertedByWebhook() && !isConverted(definition)) {
      return new Outcome(
          0, Map.of(kind.definitionName(), "has no conversion webhook, fields would be lost"));
    }
    Outcome outcome = rewriteAll(kind);
    if (outcome.refused().isEmpty()) {
      forget(definition, stored);
    }
    return outcome;
  }

  /** Where the definition is still the older one, writing would store the older version again. */
  private static boolean isStoredNow(CustomResourceDefinition definition, String version) {
    return definition.getSpec().getVersions().stream()
        .anyMatch(known -> known.getStorage() && known.getName().equals(version));
  }

  /** Without a webhook only the version's name would be changed. */
  private static boolean isConverted(CustomResourceDefinition definition) {
    return definition.getSpec().getConversion() != null
        && "Webhook".equals(definition.getSpec().getConversion().getStrategy());
  }

  private Outcome rewriteAll(ResourceKind kind) {
    ResourceDefinitionContext context =
        new ResourceDefinitionContext.Builder()
            .withGroup(kind.group())
            .withVersion(kind.stored().version())
            .withKind(kind.kind())
            .withPlural(kind.plural())
            .withNamespaced(kind.isNamespaced())
            .build();
    int rewritten = 0;
    Map<String, String> refused = new TreeMap<>();
    String next = "";
    do {
      GenericKubernetesResourceList page =
          client
              .genericKubernetesResources(context)
              .inAnyNamespace()
              .list(new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build());
      for (GenericKubernetesResource object : page.getItems()) {
        try {
          rewritten += rewrite(object) ? 1 : 0;
        } catch (KubernetesClientException e) {
          refused.put(name(object), String.valueOf(e.getMessage()));
        }
      }
      next = Optional.ofNullable(page.getMetadata().getContinue()).orElse("");
    } while (!next.isEmpty());
    return new Outcome(rewritten, refused);
  }

  /** As it was read, and only if it still is: whoever has changed it has had it stored anew. */
  private boolean rewrite(GenericKubernetesResource object) {
    try {
      var _ = client.resource(object).update();
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT
          || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  private static String name(GenericKubernetesResource object) {
    String name = object.getMetadata().getName();
    String namespace = object.getMetadata().getNamespace();
    return namespace == null ? name : namespace + "/" + name;
  }

  /**
   * With the resourceVersion that was read: a definition that was changed since is looked at anew.
   */
  private void forget(CustomResourceDefinition definition, String stored) {
    String patch =
        "{\"metadata\":{\"resourceVersion\":\"%s\"},\"status\":{\"storedVersions\":[\"%s\"]}}"
            .formatted(definition.getMetadata().getResourceVersion(), stored);
    var _ =
        client
            .apiextensions()
            .v1()
            .customResourceDefinitions()
            .withName(definition.getMetadata().getName())
            .subresource("status")
            .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
  }
}
