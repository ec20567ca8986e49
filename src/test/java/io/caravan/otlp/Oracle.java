/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * What protobuf-java finds in a request.
 *
 * <p>By the descriptors of the generated classes, and not by these classes themselves: when another
 * member of a oneof has stood in between, theirs bring back what the same member held before, and
 * protobuf's rule is that the last member set is the only one.
 */
public final class Oracle {
  private static final List<String> DATA =
      List.of("gauge", "sum", "histogram", "exponential_histogram", "summary");

  private Oracle() {}

  /** Empty where protobuf-java refuses the bytes. */
  public static Optional<Message> parse(Signal signal, byte[] request) {
    return parse(parser(signal), request);
  }

  /** The same without the fields that OTLP does not have. */
  public static Optional<Message> parseKnown(Signal signal, byte[] request) {
    return parse(DiscardUnknownFieldsParser.wrap(parser(signal)), request);
  }

  private static Optional<Message> parse(Parser<? extends Message> parser, byte[] request) {
    try {
      return Optional.of(parser.parseFrom(request));
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  private static Parser<DynamicMessage> parser(Signal signal) {
    return DynamicMessage.getDefaultInstance(RandomOtlp.request(signal).getDescriptorForType())
        .getParserForType();
  }

  /** The ResourceSpans, ResourceMetrics or ResourceLogs. */
  public static List<Message> entries(Message request) {
    return messages(request, request.getDescriptorForType().findFieldByNumber(1));
  }

  /** The spans, log records or data points of each resource. */
  public static int[] records(Message request) {
    return entries(request).stream().mapToInt(Oracle::recordsOf).toArray();
  }

  private static int recordsOf(Message entry) {
    int records = 0;
    for (Message scope : messages(entry, entry.getDescriptorForType().findFieldByNumber(2))) {
      FieldDescriptor field = scope.getDescriptorForType().findFieldByNumber(2);
      if (field.getMessageType().getName().equals("Metric")) {
        records += messages(scope, field).stream().mapToInt(Oracle::points).sum();
      } else {
        records += scope.getRepeatedFieldCount(field);
      }
    }
    return records;
  }

  private static int points(Message metric) {
    for (String name : DATA) {
      FieldDescriptor field = metric.getDescriptorForType().findFieldByName(name);
      if (metric.hasField(field)) {
        Message data = (Message) metric.getField(field);
        return data.getRepeatedFieldCount(data.getDescriptorForType().findFieldByNumber(1));
      }
    }
    return 0;
  }

  private static List<Message> messages(Message message, FieldDescriptor field) {
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
      messages.add((Message) message.getRepeatedField(field, i));
    }
    return messages;
  }

  /** The attributes of an entry's resource, the last of each key: its value if it is a string. */
  public static Map<String, Optional<String>> attributes(Message entry) {
    Map<String, Optional<String>> attributes = new LinkedHashMap<>();
    Message resource = (Message) entry.getField(named(entry, "resource"));
    for (Message attribute : messages(resource, named(resource, "attributes"))) {
      Message value = (Message) attribute.getField(named(attribute, "value"));
      FieldDescriptor string = named(value, "string_value");
      attributes.put(
          (String) attribute.getField(named(attribute, "key")),
          value.hasField(string) ? Optional.of((String) value.getField(string)) : Optional.empty());
    }
    return attributes;
  }

  private static FieldDescriptor named(Message message, String field) {
    return message.getDescriptorForType().findFieldByName(field);
  }

  /** The request with those of its entries that {@code keep} takes. */
  public static Message select(Message request, IntPredicate keep) {
    FieldDescriptor entries = request.getDescriptorForType().findFieldByNumber(1);
    Message.Builder some = request.toBuilder().clearField(entries);
    List<Message> all = entries(request);
    for (int i = 0; i < all.size(); i++) {
      if (keep.test(i)) {
        some.addRepeatedField(entries, all.get(i));
      }
    }
    return some.build();
  }

  /** The request whose resources with records have these attributes where they had none such. */
  public static Message enrich(Message request, Map<String, String> wanted) {
    FieldDescriptor entries = request.getDescriptorForType().findFieldByNumber(1);
    Message.Builder enriched = request.toBuilder();
    List<Message> all = entries(request);
    for (int i = 0; i < all.size(); i++) {
      if (recordsOf(all.get(i)) > 0) {
        enriched.setRepeatedField(entries, i, enrichEntry(all.get(i), wanted));
      }
    }
    return enriched.build();
  }

  private static Message enrichEntry(Message entry, Map<String, String> wanted) {
    Map<String, Optional<String>> present = attributes(entry);
    FieldDescriptor field = named(entry, "resource");
    Message.Builder resource = ((Message) entry.getField(field)).toBuilder();
    FieldDescriptor attributes = named((Message) entry.getField(field), "attributes");
    boolean changed = false;
    for (Map.Entry<String, String> attribute : wanted.entrySet()) {
      if (!present.containsKey(attribute.getKey())) {
        resource.addRepeatedField(attributes, keyValue(resource, attributes, attribute));
        changed = true;
      }
    }
    return changed ? entry.toBuilder().setField(field, resource.build()).build() : entry;
  }

  private static Message keyValue(
      Message.Builder resource, FieldDescriptor attributes, Map.Entry<String, String> attribute) {
    Message.Builder keyValue = resource.newBuilderForField(attributes);
    FieldDescriptor value = keyValue.getDescriptorForType().findFieldByName("value");
    Message.Builder any = keyValue.newBuilderForField(value);
    any.setField(any.getDescriptorForType().findFieldByName("string_value"), attribute.getValue());
    keyValue.setField(keyValue.getDescriptorForType().findFieldByName("key"), attribute.getKey());
    return keyValue.setField(value, any.build()).build();
  }
}
