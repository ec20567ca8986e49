/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.fixture.CaravanProcess;
import io.caravan.acceptance.fixture.FreePort;
import io.caravan.acceptance.fixture.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How {@code caravan run} starts, and how it says that it cannot. */
class LauncherTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private static final String PIPELINE =
      Manifests.pipeline(
          "TracePipeline",
          "traces",
          Manifests.otlp("grpc", "none", "http://127.0.0.1:" + FreePort.find()));

  @RegisterExtension static final CaravanProcess CARAVAN = new CaravanProcess();

  @BeforeAll
  static void start() {
    CARAVAN.write("traces.yaml", PIPELINE);
    CARAVAN.start();
  }

  @Test
  void shouldSayWhatItListensOnWhichPipelinesRunAndWhereTheyDeliver() {
    CARAVAN.process().await(Pattern.compile("tracepipeline/traces"), 1);
    assertThat(CARAVAN.process().text())
        .contains(Integer.toString(CARAVAN.grpcPort()))
        .contains(Integer.toString(CARAVAN.httpPort()));
    assertThat(CARAVAN.process().output()).hasSizeLessThanOrEqualTo(12);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--grpc-port", "--http-port", "--admin-port"})
  void shouldNameThePortAndTheFlagWhenAPortIsTaken(String flag) throws IOException {
    CaravanProcess other = new CaravanProcess();
    other.write("traces.yaml", PIPELINE);
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerProcess process = other.launch(flag, Integer.toString(taken.getLocalPort()))) {

      assertThat(process.awaitExit(SOON)).isNotZero();

      assertThat(process.text()).contains(Integer.toString(taken.getLocalPort())).contains(flag);
      assertThat(process.text()).doesNotContain("Exception");
    }
  }

  @Test
  void shouldNameTheFolderAndItsHolderWhenTheDataFolderIsInUse() {
    CaravanProcess other = new CaravanProcess();
    other.write("traces.yaml", PIPELINE);
    try (ServerProcess process = other.launch("--data", CARAVAN.data().toString())) {

      assertThat(process.awaitExit(SOON)).isNotZero();

      assertThat(process.text())
          .contains(CARAVAN.data().toString())
          .contains(Long.toString(CARAVAN.process().pid()));
    }
  }

  @Test
  void shouldEndWithTwoAndTheFindingWhenNoPipelineIsValid() {
    CaravanProcess other = new CaravanProcess();
    other.write("traces.yaml", PIPELINE.replace("protocol: grpc", "protocol: grcp"));
    try (ServerProcess process = other.launch()) {

      assertThat(process.awaitExit(SOON)).isEqualTo(2);

      assertThat(process.text()).contains("traces.yaml").contains("grcp").contains("grpc");
    }
  }

  @Test
  void shouldRunTheGoodPipelinesWhenOneManifestIsBad() {
    CaravanProcess other = new CaravanProcess();
    other.write("traces.yaml", PIPELINE);
    other.write("bad.yaml", "kind: [\n");
    try (CaravanProcess running = other.start()) {
      running.process().await(Pattern.compile("bad\\.yaml"), 1);
      running.process().await(Pattern.compile("tracepipeline/traces"), 1);
    }
  }
}
