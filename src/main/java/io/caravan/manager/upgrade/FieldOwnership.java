/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.upgrade;

import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who owns the fields of an object. Server-side apply removes a field that is not applied any more
 * only if nobody else owns it, so that what the predecessor has written by updates, its containers
 * and volumes for instance, would stay for good beside what is applied. Its ownership is therefore
 * rewritten to ours before the first apply, which then removes what we do not set. This is how
 * client-go moves objects from client-side to server-side apply. Fields of others stay theirs.
 */
public final class FieldOwnership {
  private static final String APPLY = "Apply";

  private FieldOwnership() {}

  /**
   * The ownership with that of the predecessor as ours.
   *
   * @param ours the name of our field manager
   * @return empty if it owns nothing
   */
  public static Optional<List<ManagedFieldsEntry>> takenOver(HasMetadata object, String ours) {
    List<ManagedFieldsEntry> all =
        Objects.requireNonNullElse(object.getMetadata().getManagedFields(), List.of());
    // Paths of another version of the API may mean something else.
    Predicate<ManagedFieldsEntry> theirs =
        one -> Predecessor.wrote(one) && object.getApiVersion().equals(one.getApiVersion());
    if (all.stream().noneMatch(theirs)) {
      return Optional.empty();
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    List<ManagedFieldsEntry> left = new ArrayList<>();
    String time = "";
    for (ManagedFieldsEntry each : all) {
      if (theirs.test(each) || isApplied(each, ours)) {
        unite(fields, fields(each));
        time = each.getTime() == null || each.getTime().compareTo(time) < 0 ? time : each.getTime();
      } else {
        left.add(each);
      }
    }
    FieldsV1 united = new FieldsV1();
    united.setAdditionalProperties(fields);
    left.add(
        new ManagedFieldsEntryBuilder()
            .withManager(ours)
            .withOperation(APPLY)
            .withApiVersion(object.getApiVersion())
            .withTime(time.isEmpty() ? null : time)
            .withFieldsType("FieldsV1")
            .withFieldsV1(united)
            .build());
    return Optional.of(left);
  }

  private static boolean isApplied(ManagedFieldsEntry entry, String manager) {
    return manager.equals(entry.getManager())
        && APPLY.equals(entry.getOperation())
        && Objects.requireNonNullElse(entry.getSubresource(), "").isEmpty();
  }

  private static Map<String, Object> fields(ManagedFieldsEntry entry) {
    return entry.getFieldsV1() == null ? Map.of() : entry.getFieldsV1().getAdditionalProperties();
  }

  /** A field is a key, with the fields below it. */
  private static void unite(Map<String, Object> into, Map<String, Object> more) {
    more.forEach(
        (field, below) -> {
          Map<String, Object> both = new LinkedHashMap<>(below(into.get(field)));
          unite(both, below(below));
          into.put(field, both);
        });
  }

  private static Map<String, Object> below(@Nullable Object fields) {
    Map<String, Object> copy = new LinkedHashMap<>();
    if (fields instanceof Map<?, ?> map) {
      map.forEach((key, value) -> copy.put(String.valueOf(key), value));
    }
    return copy;
  }
}
