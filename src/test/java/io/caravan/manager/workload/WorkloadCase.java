/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.caravan.api.Telemetry;
import io.caravan.api.manifest.Found;
import io.caravan.api.manifest.ManifestReader;
import io.caravan.api.manifest.Manifests;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A folder of {@code src/test/resources/workloads}: {@code in-needs.yaml} has needs and what the
 * manager was told, {@code in-telemetry.yaml} the resource, {@code out-objects.yaml} what comes of
 * them.
 */
record WorkloadCase(Path folder) {
  static final Path ROOT = Path.of("src/test/resources/workloads");

  static List<WorkloadCase> all() {
    try (Stream<Path> folders = Files.list(ROOT)) {
      return folders.sorted().map(WorkloadCase::new).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path needs() {
    return folder.resolve("in-needs.yaml");
  }

  Path telemetry() {
    return folder.resolve("in-telemetry.yaml");
  }

  Path output() {
    return folder.resolve("out-objects.yaml");
  }

  List<HasMetadata> objects() {
    JsonNode needs = read(needs());
    return Workloads.of(installation(needs.path("installation")), resource(), needs(needs));
  }

  private static JsonNode read(Path file) {
    try {
      return new ObjectMapper(new YAMLFactory()).readTree(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<Telemetry> resource() {
    if (!Files.exists(telemetry())) {
      return Optional.empty();
    }
    Manifests manifests = ManifestReader.read(List.of(telemetry()));
    assertThat(manifests.findings()).isEmpty();
    return manifests.telemetries().stream().findFirst().map(Found::resource);
  }

  private static Needs needs(JsonNode node) {
    Set<Component> components = EnumSet.noneOf(Component.class);
    node.path("components").forEach(name -> components.add(Component.valueOf(name.asText())));
    TreeSet<Integer> ports = new TreeSet<>();
    node.path("mesh").path("backendPorts").forEach(port -> ports.add(port.asInt()));
    JsonNode memory = node.path("verticalScaling").path("smallestNodeMemory");
    return new Needs(
        components,
        node.has("mesh") ? Optional.of(new Needs.Mesh(ports)) : Optional.empty(),
        node.has("verticalScaling")
            ? Optional.of(
                new Needs.VerticalScaling(
                    memory.isMissingNode()
                        ? OptionalLong.empty()
                        : OptionalLong.of(memory.asLong())))
            : Optional.empty());
  }

  private static Installation installation(JsonNode node) {
    Installation plain = Installation.of("kyma-system", "localhost/caravan:1");
    return new Installation(
        node.path("namespace").asText(plain.namespace()),
        plain.image(),
        node.path("imagePullSecrets").valueStream().map(JsonNode::asText).toList(),
        additions(node.path("workload")),
        additions(node.path("pod")),
        new Installation.PriorityClasses(
            node.path("highPriorityClass").asText(plain.priorityClasses().high()),
            node.path("normalPriorityClass").asText(plain.priorityClasses().normal())),
        Optional.ofNullable(node.path("trustBundle").textValue()),
        node.path("logLevel").asText(plain.logLevel()));
  }

  private static Installation.Additions additions(JsonNode node) {
    return new Installation.Additions(texts(node.path("labels")), texts(node.path("annotations")));
  }

  private static Map<String, String> texts(JsonNode node) {
    Map<String, String> texts = new HashMap<>();
    node.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
    return texts;
  }

  @Override
  public String toString() {
    return folder.getFileName().toString();
  }
}
