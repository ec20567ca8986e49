/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * The files under {@code deploy/crds}. Their {@code v1beta1} is written by hand; their {@code
 * v1alpha1} follows from it, and {@code -Dgolden=write} writes it.
 */
final class DefinitionFilesTest {

  private static final String MARK =
      "  # Follows from v1beta1. DefinitionFilesTest writes it with -Dgolden=write.\n";

  private static Stream<ResourceKind> kindsOfTwoVersions() {
    return Stream.of(ResourceKind.values()).filter(kind -> kind.versions().size() == 2);
  }

  @ParameterizedTest
  @MethodSource("kindsOfTwoVersions")
  void shouldHaveTheOlderVersionThatFollowsFromTheNewer(ResourceKind kind) throws IOException {
    JsonNode expected = OlderVersion.of(kind, version(kind, "v1beta1"));
    if ("write".equals(System.getProperty("golden"))) {
      write(kind, expected);
    }

    assertThat(version(kind, "v1alpha1").equals(expected))
        .as("v1alpha1 of %s follows from its v1beta1; if not, run with -Dgolden=write", kind)
        .isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void shouldServeTheVersionsThatTheProgramKnowsAndStoreOne(ResourceKind kind) throws IOException {
    JsonNode spec = Trees.tree(Files.readString(file(kind))).path("spec");

    assertThat(spec.path("versions").valueStream().map(version -> version.path("name").asText()))
        .containsExactlyElementsOf(kind.versions().stream().map(ApiVersion::version).toList());
    assertThat(spec.path("versions"))
        .allMatch(version -> version.path("served").asBoolean())
        .allMatch(
            version ->
                version.path("storage").asBoolean()
                    == version.path("name").asText().equals(kind.stored().version()))
        .allMatch(version -> version.path("subresources").has("status"));
    assertThat(spec.path("group").asText()).isEqualTo(kind.group());
    assertThat(spec.path("names").path("kind").asText()).isEqualTo(kind.kind());
    assertThat(spec.path("names").path("plural").asText()).isEqualTo(kind.plural());
    assertThat(spec.path("scope").asText())
        .isEqualTo(kind.isNamespaced() ? "Namespaced" : "Cluster");
  }

  @ParameterizedTest
  @EnumSource
  void shouldHaveTheLabelsAndCategoriesOfThePredecessor(ResourceKind kind) throws IOException {
    JsonNode definition = Trees.tree(Files.readString(file(kind)));

    assertThat(definition.path("metadata").path("labels"))
        .isEqualTo(
            Trees.tree(
                """
                app.kubernetes.io/component: controller
                app.kubernetes.io/managed-by: kyma
                app.kubernetes.io/name: telemetry-manager
                app.kubernetes.io/part-of: telemetry
                kyma-project.io/module: telemetry
                """));
    assertThat(
            definition
                .path("spec")
                .path("names")
                .path("categories")
                .valueStream()
                .map(JsonNode::asText))
        .containsExactlyElementsOf(
            switch (kind) {
              case LOG_PIPELINE, METRIC_PIPELINE, TRACE_PIPELINE ->
                  List.of("kyma-telemetry", "kyma-telemetry-pipelines");
              case TELEMETRY -> List.of("kyma-modules", "kyma-telemetry");
              case TELEMETRY_REPLAY -> List.of("kyma-telemetry");
            });
    assertThat(definition.path("metadata").path("name").asText()).isEqualTo(kind.definitionName());
  }

  @Test
  void shouldHaveOneDefaultOnlySinceTheOthersAreTheWebhooks() {
    assertThat(
            Stream.of(ResourceKind.values())
                .flatMap(kind -> Definitions.definition(kind).findParents("default").stream()))
        .extracting(parent -> parent.path("default").asText())
        .containsOnly("preserve");
  }

  @Test
  void shouldWarnWithinTheLengthThatAnApiServerAllows() {
    assertThat(
            kindsOfTwoVersions()
                .map(kind -> version(kind, "v1alpha1").path("deprecationWarning").asText()))
        .allMatch(warning -> warning.length() <= 256 && warning.contains("is deprecated"));
  }

  private static Path file(ResourceKind kind) {
    return Path.of("deploy").resolve(kind.definition());
  }

  private static JsonNode version(ResourceKind kind, String name) {
    try {
      return Trees.tree(Files.readString(file(kind)))
          .path("spec")
          .path("versions")
          .valueStream()
          .filter(version -> version.path("name").asText().equals(name))
          .findFirst()
          .orElseThrow(() -> new AssertionError(file(kind) + " has no " + name));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void write(ResourceKind kind, JsonNode version) throws IOException {
    String text = Files.readString(file(kind));
    String kept = text.contains(MARK) ? text.substring(0, text.indexOf(MARK)) : text;
    String yaml =
        new Dump(
                DumpSettings.builder()
                    .setDefaultFlowStyle(FlowStyle.BLOCK)
                    .setWidth(130)
                    .setSplitLines(true)
                    // kubectl takes a plain True for a boolean.
                    .setSchema(new CoreSchema())
                    .build())
            .dumpToString(new ObjectMapper().convertValue(List.of(version), List.class));
    Files.writeString(
        file(kind),
        kept + MARK + yaml.lines().map(line -> "  " + line + "\n").collect(Collectors.joining()));
  }
}
