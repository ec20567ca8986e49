/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random requests of every shape that the generated classes can build, the same for a seed. */
public final class RandomOtlp {
  private static final int MAX_DEPTH = 9;
  private static final String[] TEXTS = {
    "",
    "a",
    "k8s.namespace.name",
    "ä€😀",
    "line\nbreak \"quoted\" \\ \u0001",
    "service.name",
    "x".repeat(300)
  };
  private static final double[] DOUBLES = {
    0.0,
    -0.0,
    1.5,
    -1e300,
    Double.MIN_VALUE,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    123456789.25
  };
  private static final long[] LONGS = {
    0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1_700_000_000_123_456_789L
  };

  private final Random random;

  public RandomOtlp(long seed) {
    random = new Random(seed);
  }

  public static Message.Builder request(Signal signal) {
    return switch (signal) {
      case TRACES -> ExportTraceServiceRequest.newBuilder();
      case METRICS -> ExportMetricsServiceRequest.newBuilder();
      case LOGS -> ExportLogsServiceRequest.newBuilder();
    };
  }

  public Message next(Signal signal) {
    return fill(request(signal), 0).build();
  }

  private Message.Builder fill(Message.Builder message, int depth) {
    List<FieldDescriptor> fields = new ArrayList<>(message.getDescriptorForType().getFields());
    for (FieldDescriptor field : fields) {
      boolean tooDeep =
          depth > MAX_DEPTH && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
      if (tooDeep || (depth > 0 && random.nextInt(3) == 0)) {
        continue;
      }
      if (field.isRepeated()) {
        int n = random.nextInt(depth > 4 ? 2 : 4);
        for (int i = 0; i < n; i++) {
          message.addRepeatedField(field, value(message, field, depth));
        }
      } else {
        message.setField(field, value(message, field, depth));
      }
    }
    return message;
  }

  private Object value(Message.Builder message, FieldDescriptor field, int depth) {
    return switch (field.getJavaType()) {
      case INT -> random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(200);
      case LONG -> random.nextBoolean() ? LONGS[random.nextInt(LONGS.length)] : random.nextLong();
      case FLOAT -> throw new IllegalStateException("OTLP has no float");
      case DOUBLE ->
          random.nextBoolean() ? DOUBLES[random.nextInt(DOUBLES.length)] : random.nextGaussian();
      case BOOLEAN -> random.nextBoolean();
      case STRING -> TEXTS[random.nextInt(TEXTS.length)];
      case BYTE_STRING -> bytes(field.getName());
      case ENUM -> enumValue(field.getEnumType());
      case MESSAGE -> fill(message.newBuilderForField(field), depth + 1).build();
    };
  }

  private Object enumValue(EnumDescriptor type) {
    return random.nextInt(8) == 0
        ? type.findValueByNumberCreatingIfUnknown(77)
        : type.getValues().get(random.nextInt(type.getValues().size()));
  }

  private ByteString bytes(String field) {
    byte[] bytes =
        new byte
            [field.equals("trace_id")
                ? 16
                : field.equals("span_id") || field.equals("parent_span_id")
                    ? 8
                    : random.nextInt(20)];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }
}
