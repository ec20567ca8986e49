/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.round;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.api.KameletSource;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UserKameletsTest {
  private static final KameletSource SHIPPED = new KameletSource("shipped-sink", "as shipped");

  private static String kamelet(String name, String title) {
    return """
        apiVersion: camel.apache.org/v1
        kind: Kamelet
        metadata:
          name: %s
          labels: {camel.apache.org/kamelet.type: sink}
        spec:
          definition: {title: %s, type: object, properties: {}}
          template:
            from: {uri: "kamelet:source", steps: [{to: "log:x"}]}
        """
        .formatted(name, title);
  }

  private static ConfigMap configMap(String name, Map<String, String> data) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .addToLabels("caravan.io/kamelets", "")
        .endMetadata()
        .withData(data)
        .build();
  }

  private static UserKamelets of(ConfigMap... configMaps) {
    return UserKamelets.of(List.of(SHIPPED), List.of(configMaps));
  }

  private static String yaml(UserKamelets kamelets, String name) {
    return kamelets.kamelets().stream()
        .filter(one -> one.name().equals(name))
        .map(KameletSource::yaml)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void shouldBeTheShippedOnesAndThoseOfLabelledConfigMaps() {
    ConfigMap other =
        new ConfigMapBuilder(configMap("c", Map.of("k", kamelet("other-sink", "Other"))))
            .editMetadata()
            .withLabels(Map.of("team", "one"))
            .endMetadata()
            .build();

    UserKamelets kamelets = of(configMap("a", Map.of("k", kamelet("my-sink", "Mine"))), other);

    assertThat(kamelets.kamelets())
        .extracting(KameletSource::name)
        .containsExactly("my-sink", "shipped-sink");
    assertThat(kamelets.findings()).isEmpty();
  }

  @Test
  void shouldTakeThePlaceOfAShippedOne() {
    UserKamelets kamelets = of(configMap("a", Map.of("k", kamelet("shipped-sink", "Mine"))));

    assertThat(kamelets.kamelets()).hasSize(1);
    assertThat(yaml(kamelets, "shipped-sink")).contains("Mine");
  }

  @Test
  void shouldTakeTheLastOfOneNameWhateverTheOrderInWhichTheyCome() {
    ConfigMap a =
        configMap("a", Map.of("1", kamelet("my-sink", "First"), "2", kamelet("my-sink", "Second")));
    ConfigMap b = configMap("b", Map.of("0", kamelet("my-sink", "Third")));

    assertThat(yaml(of(a), "my-sink")).contains("Second");
    assertThat(yaml(of(a, b), "my-sink")).contains("Third");
    assertThat(yaml(of(b, a), "my-sink")).contains("Third");
  }

  @Test
  void shouldNameThePlaceOfAnEntryThatCannotBeReadAndTakeTheOthers() {
    UserKamelets kamelets =
        of(configMap("a", Map.of("bad.yaml", "kind: [", "good.yaml", kamelet("my-sink", "Mine"))));

    assertThat(kamelets.findings())
        .isNotEmpty()
        .allSatisfy(one -> assertThat(one).contains("ConfigMap a, entry bad.yaml"));
    assertThat(yaml(kamelets, "my-sink")).contains("Mine");
  }

  @Test
  void shouldTakeAConfigMapWithoutDataForAnEmptyOne() {
    ConfigMap empty = configMap("a", Map.of());
    empty.setData(null);

    assertThat(of(empty).kamelets()).containsExactly(SHIPPED);
  }
}
