/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.api.Delivery;
import io.caravan.api.Delivery.Acknowledge;
import io.caravan.api.Delivery.Buffer;
import io.caravan.api.Delivery.Order;
import io.caravan.api.Delivery.Retain;
import io.caravan.api.Delivery.Retry;
import io.caravan.api.Delivery.WhenFull;
import io.caravan.api.schema.ByteQuantity;
import io.caravan.api.schema.GoDuration;
import io.caravan.api.schema.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code spec.delivery} means, and that the definitions say the same of it. */
final class DeliveryTest {

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{buffer: {}, retry: {}}"})
  void shouldBeTheDefaultWhereTheManifestSaysNothing(String yaml) {
    assertThat(Deliveries.delivery(Trees.tree(yaml))).isEqualTo(Delivery.DEFAULT);
    assertThat(Deliveries.delivery(Trees.tree("{}").path("absent"))).isEqualTo(Delivery.DEFAULT);
  }

  @Test
  void shouldHoldWhatTheManifestSays() {
    String yaml =
        """
        acknowledge: delivered
        buffer: {size: 500Mi, age: 1h30m}
        whenFull: dropOldest
        order: none
        retry: {initial: 500ms, max: 1m}
        onDelete: 0s
        retain: {age: 72h, size: 10G}
        holdInput: 5s
        """;

    assertThat(Deliveries.delivery(Trees.tree(yaml)))
        .isEqualTo(
            new Delivery(
                Acknowledge.DELIVERED,
                new Buffer(500L << 20, Duration.ofMinutes(90)),
                WhenFull.DROP_OLDEST,
                Order.NONE,
                new Retry(Duration.ofMillis(500), Duration.ofMinutes(1)),
                Duration.ZERO,
                Optional.of(
                    new Retain(Optional.of(Duration.ofDays(3)), Optional.of(10_000_000_000L))),
                Duration.ofSeconds(5)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1048576", "1Mi", "'1048576'", "1048576.0", "1.048576e6", "1.048576M"})
  void shouldReadASizeAsANumberOrAsAText(String size) {
    assertThat(Deliveries.delivery(Trees.tree("{buffer: {size: " + size + "}}")).buffer().size())
        .isEqualTo(1 << 20);
  }

  @ParameterizedTest
  @CsvSource({
    "'{buffer: {age: 7d}}', age: not a duration: '7d'",
    "'{onDelete: soon}', onDelete: not a duration: 'soon'",
    "'{retain: {size: 1GB}}', size: not an amount of bytes: '1GB'"
  })
  void shouldNotTakeTheDefaultForWhatItCannotRead(String yaml, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Deliveries.delivery(Trees.tree(yaml)))
        .withMessage(message);
  }

  private static Stream<Arguments> words() {
    return Stream.of(
        Arguments.of("acknowledge", List.of(Acknowledge.values())),
        Arguments.of("whenFull", List.of(WhenFull.values())),
        Arguments.of("order", List.of(Order.values())));
  }

  @ParameterizedTest
  @MethodSource("words")
  void shouldHaveAConstantForEveryWordOfTheDefinition(String field, List<?> constants)
      throws IOException {
    assertThat(definition("trace").path(field).path("enum").valueStream().map(JsonNode::asText))
        .containsExactlyElementsOf(constants.stream().map(Object::toString).toList());
  }

  @Test
  void shouldBeDefinedAlikeForAllKinds() throws IOException {
    JsonNode trace = definition("trace");

    assertThat(definition("log")).isEqualTo(trace);
    assertThat(definition("metric")).isEqualTo(trace);
  }

  private static Stream<Arguments> defaults() {
    Delivery normal = Delivery.DEFAULT;
    return Stream.of(
        Arguments.of("/acknowledge", normal.acknowledge().toString()),
        Arguments.of("/buffer/properties/size", ByteQuantity.format(normal.buffer().size())),
        Arguments.of("/buffer/properties/age", GoDuration.format(normal.buffer().age())),
        Arguments.of("/whenFull", normal.whenFull().toString()),
        Arguments.of("/order", normal.order().toString()),
        Arguments.of("/retry/properties/initial", GoDuration.format(normal.retry().initial())),
        Arguments.of("/retry/properties/max", GoDuration.format(normal.retry().max())),
        Arguments.of("/onDelete", GoDuration.format(normal.onDelete())),
        Arguments.of("/retain", "nothing"),
        Arguments.of("/holdInput", GoDuration.format(normal.holdInput())));
  }

  @ParameterizedTest
  @MethodSource("defaults")
  void shouldDescribeTheDefaultThatHolds(String pointer, String text) throws IOException {
    assertThat(definition("trace").at(pointer).path("description").asText())
        .contains("Default is " + text + ".");
  }

  private static JsonNode definition(String kind) throws IOException {
    String file = "telemetry.kyma-project.io_%spipelines.yaml".formatted(kind);
    JsonNode tree = Trees.tree(Files.readString(Path.of("deploy/crds", file)));
    JsonNode properties =
        tree.at(
            "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/delivery/properties");
    assertThat(properties.isObject()).isTrue();
    return properties;
  }
}
