/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import static java.util.stream.Collectors.joining;

import io.caravan.api.Secret;
import io.caravan.api.SecretValue;
import io.caravan.api.ValueType;
import io.caravan.api.ValueType.SecretKeyRef;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The Secrets of a snapshot, by reference. */
final class SecretLookup {
  private final Map<String, Secret> secrets = new HashMap<>();

  SecretLookup(List<Secret> secrets) {
    secrets.forEach(secret -> this.secrets.put(id(secret.namespace(), secret.name()), secret));
  }

  /**
   * Names all that is missing: the predecessor names only the first, so that its user mends one,
   * waits and learns of the next.
   */
  void requireAll(List<SecretKeyRef> references) throws RejectedException {
    List<SecretKeyRef> distinct = references.stream().distinct().toList();
    String missingSecrets =
        distinct.stream()
            .filter(reference -> secret(reference).isEmpty())
            .map(SecretLookup::describeSecret)
            .distinct()
            .collect(joining(", "));
    if (!missingSecrets.isEmpty()) {
      throw new RejectedException(
          Reason.REFERENCED_SECRET_MISSING,
          "One or more referenced Secrets are missing: " + missingSecrets);
    }
    String missingKeys =
        distinct.stream()
            .filter(reference -> value(reference).isEmpty())
            .map(SecretLookup::describe)
            .collect(joining(", "));
    if (!missingKeys.isEmpty()) {
      throw new RejectedException(
          Reason.REFERENCED_SECRET_MISSING,
          "One or more keys in a referenced Secret are missing: " + missingKeys);
    }
  }

  /**
   * The value, a {@link PlanValue.Referenced} if it stands in a Secret; empty if that is missing.
   */
  Optional<PlanValue> resolve(ValueType value) {
    return switch (value) {
      case ValueType.Literal literal -> Optional.of(new PlanValue.Literal(literal.value()));
      case SecretKeyRef reference ->
          value(reference).map(found -> new PlanValue.Referenced(found.text()));
    };
  }

  /** {@code Key 'k' in Secret 'n' of Namespace 'ns'}. */
  static String describe(SecretKeyRef reference) {
    return "Key '%s' in %s".formatted(reference.key(), describeSecret(reference));
  }

  private static String describeSecret(SecretKeyRef reference) {
    return "Secret '%s' of Namespace '%s'".formatted(reference.name(), reference.namespace());
  }

  private Optional<SecretValue> value(SecretKeyRef reference) {
    return secret(reference).flatMap(secret -> secret.value(reference.key()));
  }

  private Optional<Secret> secret(SecretKeyRef reference) {
    return Optional.ofNullable(secrets.get(id(reference.namespace(), reference.name())));
  }

  private static String id(String namespace, String name) {
    return namespace + "/" + name;
  }
}
