/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import java.util.List;
import java.util.Optional;

/**
 * The TLS material of an output, checked and in the form that the OTLP Kamelets take.
 *
 * @param key PKCS#8, whatever form the manifest has
 * @param aboutToExpire the message of the condition that warns of a certificate's end
 * @param notices what else the owner should know
 */
record TlsMaterial(
    Optional<PlanValue> ca,
    Optional<PlanValue> cert,
    Optional<PlanValue> key,
    Optional<String> aboutToExpire,
    List<String> notices) {
  static final TlsMaterial NONE =
      new TlsMaterial(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());
}
