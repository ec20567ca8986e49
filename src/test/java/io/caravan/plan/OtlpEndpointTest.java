/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import static io.caravan.plan.OtlpOutputs.INSECURE;
import static io.caravan.plan.OtlpOutputs.NO_TLS;
import static io.caravan.plan.OtlpOutputs.OAUTH2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.caravan.api.Authentication;
import io.caravan.api.OtlpOutput;
import io.caravan.api.OtlpOutput.Protocol;
import io.caravan.api.Tls;
import io.caravan.api.ValueType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OtlpEndpointTest {

  @ParameterizedTest
  @CsvSource({
    "GRPC, backend:4317",
    "GRPC, backend.ns.svc.cluster.local:4317",
    "GRPC, http://backend:4317",
    "GRPC, https://backend:4317",
    "GRPC, HTTPS://backend:4317",
    "GRPC, 10.0.0.1:4317",
    "GRPC, [::1]:4317",
    "GRPC, http://[fe80::1]:4317",
    "HTTP, http://backend",
    "HTTP, http://backend:4318",
    "HTTP, https://backend/otlp?tenant=1",
    "HTTP, https://user:password@backend/otlp",
    "HTTP, https://[::1]/otlp",
  })
  void shouldAcceptWhatTheContractAccepts(Protocol protocol, String endpoint) {
    assertThatCode(() -> check(protocol, endpoint)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "GRPC, '', failed to resolve value",
    "HTTP, '', failed to resolve value",
    "GRPC, backend, missing port",
    "GRPC, https://backend, missing port",
    "GRPC, http://backend/path, missing port",
    "GRPC, backend:, missing port",
    "GRPC, backend:4317/, gRPC endpoints cannot contain paths",
    "GRPC, https://backend:4317/v1/traces, gRPC endpoints cannot contain paths",
    "GRPC, backend:4317?x=y, gRPC endpoints cannot contain paths",
    "GRPC, ftp://backend:4317, missing or unsupported protocol scheme",
    "HTTP, backend:4318, missing or unsupported protocol scheme",
    "HTTP, grpc://backend:4318, missing or unsupported protocol scheme",
    "HTTP, backend/otlp, missing or unsupported protocol scheme",
    "GRPC, :4317, missing host",
    "HTTP, http:///otlp, missing host",
    "GRPC, backend:http, invalid port after host: a number from 1 to 65535 is expected",
    "GRPC, backend:0, invalid port after host: a number from 1 to 65535 is expected",
    "HTTP, http://backend:70000, invalid port after host: a number from 1 to 65535 is expected",
    "GRPC, ::1:4317, invalid host; an IPv6 address stands in brackets",
    "GRPC, back end:4317, invalid space in URL",
  })
  void shouldSayWhatIsWrongInTheContractsWords(Protocol protocol, String endpoint, String problem) {
    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> check(protocol, endpoint))
        .withMessage("OTLP output endpoint invalid: " + problem)
        .extracting(RejectedException::reason)
        .hasToString("EndpointInvalid");
  }

  @Test
  void shouldPointToTheLineBreakAtTheEndThatSecretsMadeByHandHave() {
    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> check(Protocol.GRPC, "backend:4317\n"))
        .withMessage(
            "OTLP output endpoint invalid: invalid control character in URL: a line break or tab at"
                + " its beginning or end");
  }

  @Test
  void shouldNotAcceptAControlCharacterInTheMiddle() {
    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> check(Protocol.HTTP, "http://back\nend:4317"))
        .withMessage("OTLP output endpoint invalid: invalid control character in URL");
  }

  @Test
  void shouldDemandTlsOfOauth2OverGrpc() {
    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> checkOauth2(Protocol.GRPC, "backend:4317", INSECURE))
        .withMessageEndingWith("invalid: OAuth2 requires TLS when using gRPC protocol");
    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> checkOauth2(Protocol.GRPC, "http://backend:4317", NO_TLS))
        .withMessageEndingWith(
            "invalid: OAuth2 requires TLS when using gRPC protocol: HTTP scheme not allowed");
  }

  @Test
  void shouldNotAcceptPlainHttpWithTlsMaterialAndOauth2() {
    Tls tls =
        new Tls(
            false,
            false,
            Optional.of(new ValueType.Literal("ca")),
            Optional.empty(),
            Optional.empty());

    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> checkOauth2(Protocol.HTTP, "http://backend", tls))
        .withMessageEndingWith("invalid: HTTP scheme with TLS not allowed");
    assertThatCode(() -> check(Protocol.HTTP, "http://backend", tls, Optional.empty()))
        .doesNotThrowAnyException();
  }

  @Test
  void shouldTellPlainTextFromTheScheme() {
    assertThat(OtlpEndpoint.isPlainText("http://backend:4317")).isTrue();
    assertThat(OtlpEndpoint.isPlainText("HTTP://backend:4317")).isTrue();
    assertThat(OtlpEndpoint.isPlainText("https://backend:4317")).isFalse();
    assertThat(OtlpEndpoint.isPlainText("backend:4317")).isFalse();
  }

  private static void check(Protocol protocol, String endpoint) throws RejectedException {
    check(protocol, endpoint, NO_TLS, Optional.empty());
  }

  private static void checkOauth2(Protocol protocol, String endpoint, Tls tls)
      throws RejectedException {
    check(protocol, endpoint, tls, Optional.of(OAUTH2));
  }

  private static void check(
      Protocol protocol, String endpoint, Tls tls, Optional<Authentication> authentication)
      throws RejectedException {
    OtlpOutput output =
        OtlpOutputs.output(
            protocol, new ValueType.Literal(endpoint), tls, authentication, List.of());
    OtlpEndpoint.check(output, endpoint);
  }
}
