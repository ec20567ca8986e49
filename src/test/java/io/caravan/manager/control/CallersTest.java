/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.caravan.manager.control.Callers.Verdict;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallersTest {
  private static final String PREFIX = "system:serviceaccount:kyma-system:";

  private final List<String> reviewed = new ArrayList<>();
  private final HttpServer server;
  private final KubernetesClient client;
  private String verdict = "";
  private int status = 201;

  CallersTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder()
                    .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .build();
  }

  @BeforeEach
  void start() {
    server.createContext(
        "/apis/authentication.k8s.io/v1/tokenreviews",
        exchange -> {
          try (exchange) {
            reviewed.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            byte[] body =
                """
                {"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","status":%s}
                """
                    .formatted(verdict)
                    .getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  private Verdict ask(String command) {
    return new Callers(client, "kyma-system").mayGive("the-token", command);
  }

  private void says(String user, String audience) {
    verdict =
        """
        {"authenticated":true,"user":{"username":"%s"},"audiences":["%s"]}"""
            .formatted(user, audience);
  }

  @ParameterizedTest
  @CsvSource({
    "telemetry-control-view, status, ALLOWED",
    "telemetry-control-view, dead-letters-ls, FORBIDDEN",
    "telemetry-control-view, replay, FORBIDDEN",
    "telemetry-control-edit, status, ALLOWED",
    "telemetry-control-edit, dead-letters-show, ALLOWED",
    "telemetry-control-edit, replay, ALLOWED",
    "telemetry-manager, status, FORBIDDEN",
  })
  void shouldLetAnAccountDoWhatItIsFor(String account, String command, Verdict expected) {
    says(PREFIX + account, "telemetry-manager.caravan.io");

    assertThat(ask(command)).isEqualTo(expected);
    assertThat(reviewed.getFirst()).contains("the-token", "telemetry-manager.caravan.io");
  }

  @Test
  void shouldNotTakeAnAccountOfTheSameNameElsewhere() {
    says("system:serviceaccount:default:telemetry-control-edit", "telemetry-manager.caravan.io");

    assertThat(ask("replay")).isEqualTo(Verdict.FORBIDDEN);
  }

  @Test
  void shouldNotTakeATokenForAnotherAudience() {
    says(PREFIX + "telemetry-control-edit", "https://kubernetes.default.svc");

    assertThat(ask("status")).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void shouldNotTakeATokenThatTheApiServerDoesNotKnow() {
    verdict = "{\"authenticated\":false,\"error\":\"expired\"}";

    assertThat(ask("status")).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void shouldAskNobodyWhereThereIsNoToken() {
    assertThat(new Callers(client, "kyma-system").mayGive("", "status")).isEqualTo(Verdict.UNKNOWN);
    assertThat(reviewed).isEmpty();
  }

  @Test
  void shouldLetNobodyInWhenTheApiServerCannotSay() {
    status = 403;
    verdict = "{}";

    assertThatThrownBy(() -> ask("status")).isInstanceOf(KubernetesClientException.class);
  }
}
