/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import io.caravan.api.Authentication;
import io.caravan.api.OtlpOutput;
import io.caravan.api.OtlpOutput.Compression;
import io.caravan.api.OtlpOutput.Protocol;
import io.caravan.api.ValueType;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Plans {@code spec.output.otlp} onto the Kamelets {@code otlp-grpc-sink} and {@code
 * otlp-http-sink}.
 */
final class OtlpOutputPlanner {
  private static final String PATH = "spec.output.otlp";

  private final SecretLookup secrets;
  private final KameletCatalog kamelets;
  private final TlsCheck tlsCheck;

  OtlpOutputPlanner(SecretLookup secrets, KameletCatalog kamelets, TlsCheck tlsCheck) {
    this.secrets = secrets;
    this.kamelets = kamelets;
    this.tlsCheck = tlsCheck;
  }

  /** An output whose endpoint and TLS are in order. */
  record Checked(OtlpOutput output, PlanValue endpoint, TlsMaterial tls) {}

  /** In the contract's order: the endpoint, then TLS. */
  Checked check(OtlpOutput output) throws RejectedException {
    PlanValue endpoint = secrets.resolve(output.endpoint()).orElseThrow();
    OtlpEndpoint.check(output, endpoint.text());
    return new Checked(output, endpoint, tlsCheck.check(output.tls()));
  }

  OutputPlan plan(Checked checked) throws RejectedException {
    OtlpOutput output = checked.output();
    Kamelet kamelet =
        kamelets.require(
            switch (output.protocol()) {
              case GRPC -> "otlp-grpc-sink";
              case HTTP -> "otlp-http-sink";
            },
            PATH);
    NavigableMap<String, PlanValue> properties = new TreeMap<>();
    properties.put("endpoint", checked.endpoint());
    output
        .path()
        .filter(path -> !path.isEmpty())
        .ifPresent(path -> properties.put("path", literal(path)));
    properties.put(
        "compression",
        literal(output.compression().orElse(Compression.GZIP).name().toLowerCase(Locale.ROOT)));
    properties.put("insecure", literal(Boolean.toString(isPlainText(checked))));
    properties.put(
        "insecureSkipVerify", literal(Boolean.toString(output.tls().insecureSkipVerify())));
    checked.tls().ca().ifPresent(ca -> properties.put("ca", ca));
    checked.tls().cert().ifPresent(cert -> properties.put("cert", cert));
    checked.tls().key().ifPresent(key -> properties.put("key", key));
    authenticate(output, properties);
    return new OutputPlan(
        kamelet,
        new KameletBinding(kamelet, PATH).bind(properties),
        kamelet.name() + " to " + destination(checked),
        checked.tls().aboutToExpire(),
        checked.tls().notices());
  }

  /** With HTTP the scheme alone decides, and the contract demands one. */
  private static boolean isPlainText(Checked checked) {
    OtlpOutput output = checked.output();
    return OtlpEndpoint.isPlainText(checked.endpoint().text())
        || (output.protocol() == Protocol.GRPC && output.tls().insecure());
  }

  private void authenticate(OtlpOutput output, NavigableMap<String, PlanValue> properties)
      throws RejectedException {
    OtlpHeaders headers = OtlpHeaders.of(output.headers(), secrets);
    if (!headers.isEmpty()) {
      properties.put("headers", headers.value());
    }
    if (output.authentication().orElse(null) instanceof Authentication.Basic basic
        && !headers.has("Authorization")) {
      properties.put("user", secrets.resolve(basic.user()).orElseThrow());
      properties.put("password", secrets.resolve(basic.password()).orElseThrow());
    }
  }

  private static String destination(Checked checked) {
    return switch (checked.output().endpoint()) {
      case ValueType.Literal literal ->
          Destination.of(
              literal.value() + checked.output().path().map(path -> withSlash(path)).orElse(""));
      case ValueType.SecretKeyRef reference ->
          "the endpoint in " + SecretLookup.describe(reference);
    };
  }

  private static String withSlash(String path) {
    return path.startsWith("/") ? path : "/" + path;
  }

  private static PlanValue literal(String text) {
    return new PlanValue.Literal(text);
  }
}
