/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Objects as files that people review and {@code kubectl apply} takes. */
public final class GoldenYaml {
  private static final String HEADER =
      """
      #
      # Copyright The Caravan Authors
      # SPDX-License-Identifier: Apache-2.0
      #

      """;

  private static final ObjectMapper YAML =
      new ObjectMapper(
              YAMLFactory.builder()
                  .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                  .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                  .disable(YAMLGenerator.Feature.SPLIT_LINES)
                  .build())
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  private static final KubernetesSerialization KUBERNETES = new KubernetesSerialization();

  private GoldenYaml() {}

  /** One document an object. */
  public static String print(List<? extends HasMetadata> objects) {
    return HEADER + objects.stream().map(GoldenYaml::text).collect(Collectors.joining());
  }

  /** A part of an object, without a mark that a document begins. */
  static String value(Object part) {
    return text(part).replaceFirst("^---\n", "");
  }

  private static String text(Object object) {
    try {
      // Through a map, since the order of a bean's fields is the library's affair.
      return YAML.writeValueAsString(KUBERNETES.convertValue(object, Map.class));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(object.toString(), e);
    }
  }

  /** Compares a file with what it should be; with {@code -Dgolden=write} writes it first. */
  public static void check(Path file, String actual) throws IOException {
    if ("write".equals(System.getProperty("golden"))) {
      Files.writeString(file, actual);
    }
    String expected = Files.exists(file) ? Files.readString(file) : "";
    assertThat(actual)
        .as("%s; if the change is meant, run with -Dgolden=write", file)
        .isEqualTo(expected);
  }
}
