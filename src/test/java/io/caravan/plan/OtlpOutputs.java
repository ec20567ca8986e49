/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import io.caravan.api.Authentication;
import io.caravan.api.Delivery;
import io.caravan.api.Header;
import io.caravan.api.ObjectMeta;
import io.caravan.api.OtlpOutput;
import io.caravan.api.OtlpOutput.Protocol;
import io.caravan.api.Tls;
import io.caravan.api.TracePipeline;
import io.caravan.api.ValueType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Outputs as a manifest would give them, for tests that vary one thing. */
final class OtlpOutputs {
  static final Tls NO_TLS =
      new Tls(false, false, Optional.empty(), Optional.empty(), Optional.empty());
  static final Tls INSECURE =
      new Tls(true, false, Optional.empty(), Optional.empty(), Optional.empty());
  static final Authentication OAUTH2 =
      new Authentication.Oauth2(
          new ValueType.Literal("https://token"),
          new ValueType.Literal("id"),
          new ValueType.Literal("secret"),
          List.of(),
          Map.of());

  private OtlpOutputs() {}

  static OtlpOutput output(Protocol protocol, ValueType endpoint, Tls tls) {
    return output(protocol, endpoint, tls, Optional.empty(), List.of());
  }

  static OtlpOutput output(
      Protocol protocol,
      ValueType endpoint,
      Tls tls,
      Optional<Authentication> authentication,
      List<Header> headers) {
    return new OtlpOutput(
        protocol,
        endpoint,
        Optional.empty(),
        Optional.empty(),
        authentication,
        headers,
        tls,
        Optional.empty());
  }

  static TracePipeline pipeline(String name, OtlpOutput output) {
    return pipeline(name, output, Delivery.DEFAULT);
  }

  static TracePipeline pipeline(String name, OtlpOutput output, Delivery delivery) {
    return new TracePipeline(
        new ObjectMeta(name, Optional.empty(), Map.of(), Map.of()),
        output,
        List.of(),
        List.of(),
        delivery);
  }
}
