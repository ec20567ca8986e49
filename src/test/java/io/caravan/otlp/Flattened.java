/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request as its records in order, each with all that stands round it: the request, the entry,
 * the scope and the metric without their elements. What has no elements stands for itself.
 */
public final class Flattened {
  private final List<List<Message>> records = new ArrayList<>();

  private Flattened() {}

  public static List<List<Message>> of(Message request) {
    Flattened flattened = new Flattened();
    flattened.add(List.of(), request, 0);
    return flattened.records;
  }

  private void add(List<Message> round, Message message, int level) {
    FieldDescriptor field = elements(message, level);
    if (field == null) {
      List<Message> record = new ArrayList<>(round);
      record.add(message);
      records.add(record);
      return;
    }
    List<Message> within = new ArrayList<>(round);
    Message holder = message;
    if (level == 3) {
      FieldDescriptor data = Objects.requireNonNull(data(message));
      holder = (Message) message.getField(data);
      within.add(message.toBuilder().clearField(data).build());
    }
    within.add(holder.toBuilder().clearField(field).build());
    if (holder.getRepeatedFieldCount(field) == 0) {
      records.add(within);
    }
    for (int i = 0; i < holder.getRepeatedFieldCount(field); i++) {
      add(within, (Message) holder.getRepeatedField(field, i), level + 1);
    }
  }

  /** Entries 0, scopes 1, records 2, and data points 3; null for what has none. */
  private static @Nullable FieldDescriptor elements(Message message, int level) {
    return switch (level) {
      case 0 -> message.getDescriptorForType().findFieldByNumber(1);
      case 1, 2 -> message.getDescriptorForType().findFieldByNumber(2);
      case 3 -> {
        FieldDescriptor data = data(message);
        if (data == null) {
          yield null;
        }
        yield data.getMessageType().findFieldByNumber(1);
      }
      default -> null;
    };
  }

  private static @Nullable FieldDescriptor data(Message message) {
    if (!message.getDescriptorForType().getName().equals("Metric")) {
      return null;
    }
    return message.getOneofFieldDescriptor(message.getDescriptorForType().getOneofs().getFirst());
  }
}
