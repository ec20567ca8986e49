/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;

class FieldOwnershipTest {
  private static ConfigMap owned(String... entries) {
    return Serialization.unmarshal(
        """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: any
          managedFields: [%s]
        """
            .formatted(String.join(", ", entries)),
        ConfigMap.class);
  }

  private static String entry(String manager, String operation, String fields) {
    return "{manager: %s, operation: %s, apiVersion: v1, fieldsType: FieldsV1, fieldsV1: %s}"
        .formatted(manager, operation, fields);
  }

  @Test
  void shouldMakeTheFieldsOfThePredecessorOursAndLeaveThoseOfOthers() {
    ConfigMap object =
        owned(
            entry("manager", "Update", "{'f:data': {'.': {}, 'f:a': {}}}"),
            entry("kubectl-edit", "Update", "{'f:data': {'f:b': {}}}"),
            entry("caravan", "Apply", "{'f:data': {'f:c': {}}}"));

    List<ManagedFieldsEntry> after = FieldOwnership.takenOver(object, "caravan").orElseThrow();

    assertThat(after)
        .extracting(ManagedFieldsEntry::getManager)
        .containsExactly("kubectl-edit", "caravan");
    assertThat(after.getLast().getOperation()).isEqualTo("Apply");
    assertThat(Serialization.asJson(after.getLast().getFieldsV1()))
        .isEqualTo("{\"f:data\":{\".\":{},\"f:a\":{},\"f:c\":{}}}");
    assertThat(Serialization.asJson(after.getFirst().getFieldsV1()))
        .isEqualTo("{\"f:data\":{\"f:b\":{}}}");
  }

  @Test
  void shouldLeaveAnObjectAloneOfWhichThePredecessorOwnsNothing() {
    assertThat(
            FieldOwnership.takenOver(
                owned(
                    entry("caravan", "Apply", "{'f:data': {'f:a': {}}}"),
                    entry("manager", "Apply", "{'f:data': {'f:b': {}}}"),
                    entry("kubectl-client-side-apply", "Update", "{'f:data': {'f:c': {}}}")),
                "caravan"))
        .isEmpty();
  }

  @Test
  void shouldLeaveStatusesToWhoeverWritesThem() {
    String status =
        "{manager: manager, operation: Update, apiVersion: v1, subresource: status,"
            + " fieldsType: FieldsV1, fieldsV1: {'f:status': {}}}";

    assertThat(FieldOwnership.takenOver(owned(status), "caravan")).isEmpty();
  }
}
