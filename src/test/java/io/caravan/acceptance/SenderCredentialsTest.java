/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.fixture.CaravanProcess;
import io.caravan.acceptance.fixture.Curl;
import io.caravan.acceptance.fixture.OtlpMethod;
import io.caravan.acceptance.fixture.RawReceiver;
import io.caravan.acceptance.fixture.RawSender;
import io.grpc.Status;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Senders that have to say who they are, by a bearer token or by name and password. */
class SenderCredentialsTest {
  private static final String TOKEN = "a-token-of-the-first-minute";

  @RegisterExtension static final CaravanProcess CARAVAN = new CaravanProcess();

  private static RawReceiver backend;
  private static Path tokens;

  @BeforeAll
  static void start() throws IOException {
    backend = new RawReceiver();
    tokens = Files.writeString(CARAVAN.folder("access").resolve("tokens"), TOKEN + "\n");
    Path users = Files.writeString(CARAVAN.folder("access").resolve("users"), "shop:open sesame\n");
    CARAVAN.write(
        "traces.yaml",
        Manifests.pipeline(
            "TracePipeline", "traces", Manifests.otlp("grpc", "none", backend.endpoint())));
    CARAVAN.start("--otlp-bearer-tokens", tokens.toString(), "--otlp-basic-auth", users.toString());
  }

  @AfterAll
  static void stop() {
    backend.close();
  }

  private static Status send(String authorization, long number) {
    try (RawSender sender = RawSender.authorized(CARAVAN.grpcPort(), authorization)) {
      return sender
          .send(OtlpMethod.TRACES, NumberedRequests.request(OtlpMethod.TRACES, number))
          .join();
    }
  }

  private static Curl.Attempt curl(String... options) {
    return Curl.post(CARAVAN.http("/v1/traces"), "{}", options);
  }

  @Test
  void shouldDeliverWhatTheJavaSdkSendsWithTheToken() {
    JavaSdk.emitSpans(
        "token",
        150,
        OtlpGrpcSpanExporter.builder()
            .setEndpoint(CARAVAN.grpc())
            .addHeader("Authorization", "Bearer " + TOKEN)
            .build());

    Awaitility.await()
        .untilAsserted(() -> assertThat(Backends.spansOf("token", backend)).hasSize(150));
  }

  @Test
  void shouldTakeANameAndItsPasswordFromCurl() {
    assertThat(curl("-u", "shop:open sesame").text()).startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"shop:close sesame", "thief:open sesame", "shop:"})
  void shouldAnswer401AndNameTheSchemesToAWrongPassword(String user) {
    assertThat(curl("-u", user).text().toLowerCase(Locale.ROOT))
        .startsWith("http/1.1 401 ")
        .contains("www-authenticate: bearer realm=\"otlp\", basic realm=\"otlp\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer wrong", "Bearer", "Negotiate abc", "Basic d3Jvbmc6d3Jvbmc="})
  void shouldAnswerUnauthenticatedAndDeliverNothing(String authorization) {
    assertThat(send(authorization, 666).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(Backends.spanNames(backend)).doesNotContain("666");
  }

  @Test
  void shouldAnswer401ToASenderWithoutAnyCredentials() {
    assertThat(curl().text()).startsWith("HTTP/1.1 401 ").contains("carries no credentials");
  }

  @Test
  void shouldTakeANewTokenAndNoLongerTheOldOneWithoutARestart() throws IOException {
    Files.writeString(tokens, TOKEN + "\ninterim\n");
    Awaitility.await("the new token").until(() -> send("Bearer interim", 1).isOk());
    assertThat(send("Bearer " + TOKEN, 2).isOk()).as("the one that stays").isTrue();

    Files.writeString(tokens, TOKEN + "\n");

    Awaitility.await("the end of the old token")
        .until(() -> send("Bearer interim", 3).getCode() == Status.Code.UNAUTHENTICATED);
    assertThat(send("Bearer " + TOKEN, 4).isOk()).isTrue();
    assertThat(CARAVAN.process().text()).doesNotContain("interim");
  }
}
