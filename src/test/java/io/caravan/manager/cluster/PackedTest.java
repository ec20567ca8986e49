/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.api.Test;

class PackedTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String STORED =
      """
      {"apiVersion": "telemetry.kyma-project.io/v1beta1", "kind": "TracePipeline",
       "metadata": {"name": "demo", "uid": "1", "resourceVersion": "7", "generation": 3,
         "labels": {"team": "blue"}, "managedFields": [{"manager": "kubectl"}]},
       "spec": {"output": {"otlp": {"endpoint": {"value": "http://a \\"b\\" ü"}}}},
       "status": {"conditions": [{"type": "GatewayHealthy", "observedGeneration": 3}]}}
      """;

  private final KubernetesSerialization serialization = new KubernetesSerialization();

  private GenericKubernetesResource packed() {
    return Packed.pack(serialization.unmarshal(STORED, GenericKubernetesResource.class));
  }

  private static ObjectNode expected() throws Exception {
    ObjectNode tree = (ObjectNode) JSON.readTree(STORED);
    var _ = ((ObjectNode) tree.get("metadata")).remove("managedFields");
    return tree;
  }

  @Test
  void shouldSayAllThatWasStoredButWhoHasSetIt() throws Exception {
    assertThat((JsonNode) Packed.tree(packed())).isEqualTo(expected());
  }

  @Test
  void shouldSayOneField() throws Exception {
    assertThat(Packed.field(packed(), "status")).isEqualTo(expected().get("status"));
    assertThat(Packed.field(packed(), "other")).isEmpty();
  }

  @Test
  void shouldBeWrittenByTheClientAsItWasRead() throws Exception {
    assertThat(JSON.readTree(serialization.asJson(packed()))).isEqualTo(expected());
  }

  @Test
  void shouldStayAsItIsWhenItIsPackedAgain() throws Exception {
    assertThat((JsonNode) Packed.tree(Packed.pack(packed()))).isEqualTo(expected());
  }

  @Test
  void shouldReadAResourceThatIsNotPacked() throws Exception {
    GenericKubernetesResource full =
        serialization.unmarshal(STORED, GenericKubernetesResource.class);

    assertThat(Packed.field(full, "status")).isEqualTo(expected().get("status"));
  }
}
