/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.fixture.CaravanProcess;
import io.caravan.acceptance.fixture.OtlpMethod;
import io.caravan.acceptance.fixture.RawReceiver;
import io.caravan.acceptance.fixture.RawSender;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The folder of {@code caravan run} changes while it runs. */
class FolderChangeTest {

  /** A second is promised; a machine that does other work as well gets another. */
  private static final Duration SOON = Duration.ofSeconds(2);

  @RegisterExtension static final CaravanProcess CARAVAN = new CaravanProcess();

  private static RawReceiver first;
  private static RawReceiver second;
  private static RawSender sender;

  @BeforeAll
  static void start() throws IOException {
    first = new RawReceiver();
    second = new RawReceiver();
    CARAVAN.write("traces.yaml", pipeline("TracePipeline", first));
    CARAVAN.start();
    sender = new RawSender(CARAVAN.grpcPort());
  }

  @AfterAll
  static void stop() {
    sender.close();
    first.close();
    second.close();
  }

  @Test
  void shouldDeliverToTheNewEndpointSoonAfterTheFileChanged() {
    CARAVAN.write("traces.yaml", pipeline("TracePipeline", first));
    awaitDelivery(OtlpMethod.TRACES, first, Duration.ofSeconds(10));

    CARAVAN.write("traces.yaml", pipeline("TracePipeline", second));

    awaitDelivery(OtlpMethod.TRACES, second, SOON);
  }

  @Test
  void shouldReportAnInvalidChangeAndKeepTheLastGoodVersionRunning() {
    CARAVAN.write("traces.yaml", pipeline("TracePipeline", first));
    awaitDelivery(OtlpMethod.TRACES, first, Duration.ofSeconds(10));

    CARAVAN.write(
        "traces.yaml",
        pipeline("TracePipeline", second).replace("protocol: grpc", "protocol: carrier-pigeon"));
    CARAVAN.process().await(Pattern.compile("carrier-pigeon"), 1);

    int before = first.requests().size();
    assertThat(send(OtlpMethod.TRACES)).isEqualTo(Status.Code.OK);
    Awaitility.await().untilAsserted(() -> assertThat(first.requests()).hasSize(before + 1));
    assertThat(CARAVAN.process().text()).contains("traces.yaml");
  }

  @Test
  void shouldTakeASignalWhenItsFirstPipelineComesAndRefuseItWhenTheLastIsGone() throws IOException {
    assertThat(send(OtlpMethod.LOGS)).isEqualTo(Status.Code.UNIMPLEMENTED);

    CARAVAN.write("logs.yaml", pipeline("LogPipeline", second));
    awaitDelivery(OtlpMethod.LOGS, second, SOON);

    // A file that vanishes may be on its way back: for five seconds nothing happens.
    Files.delete(CARAVAN.manifests().resolve("logs.yaml"));
    Awaitility.await()
        .atLeast(Duration.ofSeconds(4))
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(25))
        .until(() -> send(OtlpMethod.LOGS) == Status.Code.UNIMPLEMENTED);
  }

  private static Status.Code send(OtlpMethod method) {
    return sender.send(method, NumberedRequests.request(method, 1)).join().getCode();
  }

  private static void awaitDelivery(OtlpMethod method, RawReceiver receiver, Duration atMost) {
    int before = receiver.requests().size();
    Awaitility.await()
        .atMost(atMost)
        .pollInterval(Duration.ofMillis(25))
        .until(() -> send(method) == Status.Code.OK && receiver.requests().size() > before);
  }

  private static String pipeline(String kind, RawReceiver target) {
    return Manifests.pipeline(kind, "one", Manifests.otlp("grpc", "none", target.endpoint()));
  }
}
