/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import io.caravan.api.Authentication;
import io.caravan.api.CustomOutput;
import io.caravan.api.Header;
import io.caravan.api.HttpOutput;
import io.caravan.api.KameletOutput;
import io.caravan.api.LogPipeline;
import io.caravan.api.OtlpOutput;
import io.caravan.api.Pipeline;
import io.caravan.api.Tls;
import io.caravan.api.ValueType;
import io.caravan.api.ValueType.SecretKeyRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the Secrets that a pipeline refers to. */
public final class SecretReferences {
  private SecretReferences() {}

  /** In the order of the contract's check; those of {@code tls} count only where TLS is used. */
  public static List<SecretKeyRef> of(Pipeline pipeline) {
    Stream<SecretKeyRef> variables =
        pipeline instanceof LogPipeline logs
            ? logs.variables().stream().map(LogPipeline.Variable::valueFrom)
            : Stream.empty();
    Stream<ValueType> values =
        switch (pipeline.output()) {
          case OtlpOutput otlp -> otlp(otlp);
          case KameletOutput kamelet ->
              kamelet.properties().entrySet().stream()
                  .sorted(Map.Entry.comparingByKey())
                  .map(Map.Entry::getValue);
          case HttpOutput http ->
              Stream.of(
                      Stream.of(http.host()),
                      http.user().stream(),
                      http.password().stream(),
                      tls(http.tls()))
                  .flatMap(part -> part);
          case CustomOutput _ -> Stream.empty();
        };
    return Stream.concat(
            variables, values.filter(SecretKeyRef.class::isInstance).map(SecretKeyRef.class::cast))
        .toList();
  }

  private static Stream<ValueType> otlp(OtlpOutput otlp) {
    return Stream.of(
            Stream.of(otlp.endpoint()),
            otlp.authentication().stream().flatMap(SecretReferences::authentication),
            otlp.headers().stream().map(Header::value),
            tls(otlp.tls()))
        .flatMap(part -> part);
  }

  private static Stream<ValueType> authentication(Authentication authentication) {
    return switch (authentication) {
      case Authentication.Basic basic -> Stream.of(basic.user(), basic.password());
      case Authentication.Oauth2 oauth2 ->
          Stream.of(oauth2.tokenURL(), oauth2.clientID(), oauth2.clientSecret());
    };
  }

  private static Stream<ValueType> tls(Tls tls) {
    return tls.insecure()
        ? Stream.empty()
        : Stream.of(tls.ca(), tls.cert(), tls.key()).flatMap(Optional::stream);
  }
}
