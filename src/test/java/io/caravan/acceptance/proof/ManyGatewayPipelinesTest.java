/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.Manifests;
import io.caravan.acceptance.PlannedCluster;
import io.caravan.acceptance.fixture.GatewayProcess;
import io.caravan.acceptance.fixture.KubernetesApi;
import io.caravan.acceptance.fixture.Programs;
import io.caravan.acceptance.fixture.ServerProcess;
import io.caravan.otlp.TestPki;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A gateway with a thousand pipelines, each with a client certificate of its own, as the manager
 * lays them out, in the memory that its pod has.
 */
@Isolated("holds a gateway to a time")
class ManyGatewayPipelinesTest {
  private static final int PIPELINES = 1_000;

  private static final Duration LOADED = Duration.ofSeconds(20);

  private static final Duration SWAP = Duration.ofSeconds(2);
  private static final long POD_MEBIBYTES = 512;

  @RegisterExtension static final KubernetesApi API = KubernetesApi.own();

  @TempDir Path folder;

  @Test
  void shouldLoadAThousandPipelinesWithClientCertificatesAndSwapOneOfThem() throws Exception {
    TestPki pki = new TestPki();
    Path user = PlannedCluster.install(API).kubeconfig();
    PlannedCluster cluster = new PlannedCluster(API);
    for (int i = 0; i < PIPELINES; i++) {
      cluster.with(pipeline("p" + i, 1 + i, pki));
    }
    cluster.apply();
    try (GatewayProcess gateway =
        new GatewayProcess(user, folder.resolve("data"), "gateway-a")
            .with("CARAVAN_MEMORY", POD_MEBIBYTES + "MiB")) {
      gateway.launch();
      Awaitility.await("ready")
          .atMost(Duration.ofMinutes(5)) // on a machine that is busy
          .ignoreExceptionsInstanceOf(UncheckedIOException.class)
          .until(() -> gateway.admin().get("/readyz").statusCode() == 200);
      ProcessHandle.Info process = ProcessHandle.of(gateway.process().pid()).orElseThrow().info();
      Duration loaded = Duration.between(process.startInstant().orElseThrow(), Instant.now());
      Duration processor = process.totalCpuDuration().orElseThrow();
      assertThat(running(gateway)).isEqualTo(PIPELINES);
      String metrics = gateway.admin().get("/metrics").body();
      assertThat(metrics).contains("tracepipeline/p999");
      long resident = mebibytes(gateway, "VmRSS");

      List<String> written = cluster.with(pipeline("p7", 9_000, pki)).apply();
      long began = System.nanoTime();
      Awaitility.await("the swap")
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(50))
          .until(
              () ->
                  gateway
                      .plan("tracepipeline/p7")
                      .path("running")
                      .asText()
                      .equals(cluster.digest("tracepipeline/p7")));
      Duration swapped = Duration.ofNanos(System.nanoTime() - began);
      long peak = mebibytes(gateway, "VmHWM");
      collect(gateway);
      System.out.printf(
          "proof scenario=\"gateway with a thousand pipelines\" loaded_ms=%d cpu_ms=%d swap_ms=%d rss_mib=%d"
              + " peak_mib=%d collected_mib=%d%n",
          loaded.toMillis(),
          processor.toMillis(),
          swapped.toMillis(),
          resident,
          peak,
          mebibytes(gateway, "VmRSS"));

      assertThat(loaded).as("from start to ready").isLessThanOrEqualTo(LOADED);
      assertThat(swapped).as("from the apply to the swap").isLessThanOrEqualTo(SWAP);
      assertThat(written).as("one pipeline, one shard").hasSize(2);
      assertThat(peak).as("resident, MiB").isLessThanOrEqualTo(POD_MEBIBYTES);
    }
  }

  private static long running(GatewayProcess gateway) {
    return StreamSupport.stream(gateway.plan().path("pipelines").spliterator(), false)
        .filter(each -> each.hasNonNull("running"))
        .count();
  }

  private void collect(GatewayProcess gateway) {
    ServerProcess.run(
        "jcmd",
        folder,
        Map.of(),
        List.of(
            Programs.ofJdk("jcmd").toString(), Long.toString(gateway.process().pid()), "GC.run"));
  }

  private static long mebibytes(GatewayProcess gateway, String field) throws IOException {
    Path status = Path.of("/proc", Long.toString(gateway.process().pid()), "status");
    return Pattern.compile(field + ":\\s*(\\d+) kB")
            .matcher(Files.readString(status))
            .results()
            .mapToLong(match -> Long.parseLong(match.group(1)))
            .findFirst()
            .orElseThrow()
        >> 10;
  }

  private static String pipeline(String name, int port, TestPki pki) throws Exception {
    TestPki.Identity identity = pki.identity("EC");
    return Manifests.pipeline(
        "TracePipeline",
        name,
        """
        otlp:
          endpoint: {value: "https://127.0.0.1:%d"}
          tls:
            ca: {value: "%s"}
            cert: {value: "%s"}
            key: {value: "%s"}
        """
            .formatted(
                port,
                quoted(pki.certificate()),
                quoted(identity.certificate()),
                quoted(identity.pkcs8())));
  }

  private static String quoted(String pem) {
    return pem.replace("\n", "\\n");
  }
}
