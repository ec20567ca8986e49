/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.acceptance.fixture.KubernetesApi;
import io.caravan.api.schema.ApiVersion;
import io.caravan.api.schema.Definitions;
import io.caravan.api.schema.ResourceKind;
import io.caravan.api.schema.Trees;
import io.caravan.manager.upgrade.StoredVersions;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What was stored in the older version is stored anew, with the rights of the manager. */
class StoredVersionsTest {

  private static final ResourceKind KIND = ResourceKind.LOG_PIPELINE;

  @RegisterExtension static final KubernetesApi API = KubernetesApi.own();

  private static @Nullable RegisteredWebhooks installed;

  @BeforeAll
  static void install() throws Exception {
    installed = RegisteredWebhooks.install(API);
  }

  @AfterAll
  static void close() {
    if (installed != null) {
      installed.close();
    }
  }

  @Test
  void shouldStoreEachObjectAnewOnceAndForgetTheOlderVersion() throws Exception {
    RegisteredWebhooks webhooks = Objects.requireNonNull(installed);
    StoredVersions versions = new StoredVersions(webhooks.manager());
    store(ApiVersion.V1ALPHA1);
    for (String name : new String[] {"one", "two"}) {
      API.kubectl().apply(pipeline(name));
    }
    assertThat(versions.rewrite(KIND))
        .as("the definition is the older one")
        .isEqualTo(new StoredVersions.Outcome(0, Map.of()));
    store(ApiVersion.V1BETA1);
    assertThat(storedVersions()).isEqualTo("[\"v1beta1\",\"v1alpha1\"]");
    String before = resourceVersions();

    StoredVersions.Outcome outcome = versions.rewrite(KIND);

    assertThat(outcome).isEqualTo(new StoredVersions.Outcome(2, Map.of()));
    assertThat(storedVersions()).isEqualTo("[\"v1beta1\"]");
    String after = resourceVersions();
    assertThat(after).isNotEqualTo(before);
    assertThat(versions.rewrite(KIND)).isEqualTo(new StoredVersions.Outcome(0, Map.of()));
    assertThat(resourceVersions()).as("nothing is written again").isEqualTo(after);
    webhooks.stop();
    assertThat(API.kubectl().run("get", KIND.definitionName(), "-o", "name"))
        .as("nothing is left to convert")
        .hasLineCount(2);
  }

  @Test
  void shouldHaveNothingToDoWhereOneVersionIsStored() {
    StoredVersions versions = new StoredVersions(API.client());

    for (ResourceKind kind : ResourceKind.values()) {
      if (kind != KIND) {
        assertThat(versions.rewrite(kind)).isEqualTo(new StoredVersions.Outcome(0, Map.of()));
      }
    }
  }

  /** The definition with another version that is stored. */
  private static void store(ApiVersion version) {
    ObjectNode definition = (ObjectNode) Definitions.definition(KIND);
    definition
        .path("spec")
        .path("versions")
        .forEach(
            known ->
                ((ObjectNode) known)
                    .put("storage", known.path("name").asText().equals(version.version())));
    API.kubectl().apply(definition.toString(), "--server-side");
  }

  private static String pipeline(String name) {
    ObjectNode tree =
        Trees.resource(
            KIND,
            ApiVersion.V1ALPHA1,
            "{input: {application: {enabled: true}}, output: {http: {host: {value: x}}}}");
    ((ObjectNode) tree.path("metadata")).put("name", name);
    return tree.toString();
  }

  private static String storedVersions() {
    return API.kubectl()
        .run("get", "crd", KIND.definitionName(), "-o", "jsonpath={.status.storedVersions}");
  }

  private static String resourceVersions() {
    return API.kubectl()
        .run("get", KIND.definitionName(), "-o", "jsonpath={.items[*].metadata.resourceVersion}");
  }
}
