/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.fixture.CaravanProcess;
import io.caravan.acceptance.fixture.Collector;
import io.caravan.acceptance.fixture.FreePort;
import io.caravan.acceptance.fixture.Inbox;
import io.caravan.acceptance.fixture.OtlpMethod;
import io.caravan.acceptance.fixture.RawSender;
import io.grpc.Status;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A pipeline is an island: what its backend does is felt by no other, and not by the sender. */
class DeadBackendTest {
  private static final Inbox HEALTHY = Inbox.plain("healthy");

  @RegisterExtension
  @Order(1)
  static final Collector COLLECTOR = new Collector(HEALTHY);

  @RegisterExtension
  @Order(2)
  static final CaravanProcess CARAVAN = new CaravanProcess();

  private static ServerSocket silent;

  @BeforeAll
  static void start() throws IOException {
    silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    CARAVAN.write("healthy.yaml", traces("healthy", HEALTHY.grpc()));
    CARAVAN.write("dead.yaml", traces("dead", "http://127.0.0.1:" + FreePort.find()));
    CARAVAN.write(
        "silent.yaml",
        Manifests.pipeline(
            "LogPipeline",
            "silent",
            Manifests.otlp("grpc", "none", "http://127.0.0.1:" + silent.getLocalPort())));
    CARAVAN.write(
        "logs.yaml",
        Manifests.pipeline(
            "LogPipeline", "healthy", Manifests.otlp("http", "gzip", HEALTHY.http())));
    CARAVAN.write(
        "metrics.yaml",
        Manifests.pipeline(
                "MetricPipeline",
                "dead",
                Manifests.otlp("http", "none", "http://127.0.0.1:" + FreePort.find()))
            + Manifests.HEAR_THE_BACKEND);
    CARAVAN.start();
  }

  @AfterAll
  static void stop() throws IOException {
    silent.close();
  }

  @Test
  void shouldAnswerOkAndFillTheHealthyBackendWhileTheOtherRefusesConnections() {
    SpanExporter exporter = Exporters.GRPC.spans(CARAVAN.grpc(), "gzip");

    JavaSdk.emitSpans("dead", 2_000, exporter);

    assertThat(HEALTHY.await("dead", 2_000)).hasSize(2_000);
    assertThat(CARAVAN.metrics()).contains("tracepipeline/dead");
  }

  @Test
  void shouldAnswerOkAndFillTheHealthyBackendWhileTheOtherAcceptsAndSaysNothing() {
    JavaSdk.emitLogs("silent", 200, Exporters.HTTP.logs(CARAVAN.http(), "none"));

    assertThat(HEALTHY.await("silent", 200)).hasSize(200);
  }

  @Test
  void shouldRefuseWhatNoBackendTook() {
    try (RawSender sender = new RawSender(CARAVAN.grpcPort())) {
      byte[] request = NumberedRequests.request(OtlpMethod.METRICS, 1);
      assertThat(sender.send(OtlpMethod.METRICS, request).join().getCode())
          .isEqualTo(Status.Code.UNAVAILABLE);
    }
  }

  private static String traces(String name, String endpoint) {
    return Manifests.pipeline("TracePipeline", name, Manifests.otlp("grpc", "gzip", endpoint));
  }
}
