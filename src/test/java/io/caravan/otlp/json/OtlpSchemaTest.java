/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.caravan.otlp.Signal;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OtlpSchemaTest {

  @Test
  void shouldHaveEveryFieldOfEveryMessageAsTheProtoFilesHaveIt() {
    // given
    Map<String, Descriptor> expected = new HashMap<>();
    collect(ExportTraceServiceRequest.getDescriptor(), expected);
    collect(ExportMetricsServiceRequest.getDescriptor(), expected);
    collect(ExportLogsServiceRequest.getDescriptor(), expected);

    // then
    assertThat(OtlpSchema.messages().keySet())
        .containsExactlyInAnyOrderElementsOf(expected.keySet());
    expected.forEach(
        (name, descriptor) ->
            assertThat(OtlpSchema.message(name).fields().stream().map(OtlpSchemaTest::described))
                .as(name)
                .containsExactlyInAnyOrderElementsOf(
                    descriptor.getFields().stream().map(OtlpSchemaTest::described).toList()));
  }

  @Test
  void shouldKnowTheRequestOfEachSignal() {
    assertThat(OtlpSchema.request(Signal.TRACES).name()).isEqualTo("ExportTraceServiceRequest");
    assertThat(OtlpSchema.request(Signal.METRICS).name()).isEqualTo("ExportMetricsServiceRequest");
    assertThat(OtlpSchema.request(Signal.LOGS).name()).isEqualTo("ExportLogsServiceRequest");
  }

  private static void collect(Descriptor message, Map<String, Descriptor> all) {
    if (all.putIfAbsent(message.getName(), message) == null) {
      message.getFields().stream()
          .filter(f -> f.getJavaType() == FieldDescriptor.JavaType.MESSAGE)
          .forEach(f -> collect(f.getMessageType(), all));
    }
  }

  private static String described(OtlpField field) {
    return String.join(
        " ",
        Integer.toString(field.number()),
        field.names().toString(),
        field.type().toString(),
        field.presence().toString(),
        "packed=" + field.packed(),
        field.message().name(),
        field.enumNumbers().entrySet().stream()
            .map(e -> e.getValue() + "=" + e.getKey())
            .sorted()
            .collect(Collectors.joining(",")));
  }

  private static String described(FieldDescriptor field) {
    return String.join(
        " ",
        Integer.toString(field.getNumber()),
        "[" + field.getJsonName() + ", " + field.getName() + "]",
        type(field),
        presence(field),
        "packed=" + field.isPacked(),
        field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
            ? field.getMessageType().getName()
            : "",
        field.getJavaType() == FieldDescriptor.JavaType.ENUM
            ? field.getEnumType().getValues().stream()
                .map((EnumValueDescriptor v) -> v.getNumber() + "=" + v.getName())
                .sorted()
                .collect(Collectors.joining(","))
            : "");
  }

  private static String type(FieldDescriptor field) {
    if (field.getJavaType() == FieldDescriptor.JavaType.BYTE_STRING
        && field.getName().endsWith("_id")) {
      return field.getName().replace("parent_", "").toUpperCase(Locale.ROOT);
    }
    return field.getType().toString();
  }

  private static String presence(FieldDescriptor field) {
    if (field.isRepeated()) {
      return "REPEATED";
    }
    if (field.getRealContainingOneof() != null) {
      return "ONEOF";
    }
    return field.hasPresence() ? "EXPLICIT" : "IMPLICIT";
  }
}
