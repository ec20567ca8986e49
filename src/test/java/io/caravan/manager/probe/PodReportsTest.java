/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.probe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import io.caravan.manager.status.Flow;
import io.caravan.observe.AdminServer;
import io.caravan.observe.Metrics;
import io.caravan.observe.Readiness;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The reports of pods")
class PodReportsTest {
  private static final PipelineId DEMO = new PipelineId(PipelineKind.TRACE, "demo");
  private static final String FLOW =
      "{\"format\":1,\"started\":\"now\",\"pipelines\":[{\"pipeline\":\"tracepipeline/demo\"}]}";

  @TempDir Path folder;
  private final AtomicReference<String> token = new AtomicReference<>("the-token");
  private final AtomicInteger changes = new AtomicInteger();
  private final FlowJudge judge = new FlowJudge();
  private final List<AutoCloseable> parts = new ArrayList<>();
  private PodReports reports =
      new PodReports(new PodClient(token::get), judge, changes::incrementAndGet, Clock.systemUTC());

  @BeforeEach
  void begin() throws IOException {
    Files.writeString(folder.resolve("token"), "the-token\n");
    reports = reports.start();
  }

  @AfterEach
  void end() throws Exception {
    reports.close();
    for (AutoCloseable part : parts) {
      part.close();
    }
  }

  @Test
  void shouldKnowWhatReadyPodsRunAndWhatTheyCount() throws Exception {
    Gateway gateway = new Gateway("a");

    reports.ready(List.of(gateway.pod()));

    await().until(() -> running("a").equals(Optional.of("v1")));
    assertThat(judge.of(DEMO, List.of("a"), Instant.now())).isEqualTo(Flow.HEALTHY);
    assertThat(changes).hasPositiveValue();
  }

  @Test
  void shouldAskInAHurryOnlyWhileThereIsSomethingToTake() throws Exception {
    Gateway gateway = new Gateway("a");
    reports.ready(List.of(gateway.pod()));
    await().until(() -> running("a").equals(Optional.of("v1")));
    gateway.version.set("v2");
    await().during(Duration.ofMillis(1_500)).until(() -> running("a").equals(Optional.of("v1")));

    reports.hurry(List.of("a"));

    await().atMost(Duration.ofSeconds(3)).until(() -> running("a").equals(Optional.of("v2")));
    int asked = gateway.asked.get();
    await().atMost(Duration.ofSeconds(5)).until(() -> gateway.asked.get() >= asked + 2);
    assertThat(gateway.askedForFlow).as("which is asked less often").hasValue(1);
  }

  @Test
  void shouldTellOnlyOfWhatMatters() throws Exception {
    Gateway gateway = new Gateway("a");
    reports.ready(List.of(gateway.pod()));
    reports.hurry(List.of("a"));
    await().until(() -> running("a").equals(Optional.of("v1")) && changes.get() > 0);
    int before = changes.get();

    int asked = gateway.asked.get();
    await().atMost(Duration.ofSeconds(5)).until(() -> gateway.asked.get() >= asked + 2);

    assertThat(changes).hasValue(before);
    gateway.version.set("v2");
    await().until(() -> changes.get() > before);
  }

  @Test
  void shouldSayThatATokenIsNotKnownAndReadTheNextOne() throws Exception {
    Gateway gateway = new Gateway("a");
    token.set("another");
    reports.ready(List.of(gateway.pod()));
    await().until(() -> failure("a").isPresent());

    assertThat(failure("a"))
        .contains("it answers /plan with HTTP 401: it does not know the manager's token (yet)");
    assertThat(gateway.asked).hasValue(0);
    token.set("the-token");
    reports.hurry(List.of("a"));

    await().until(() -> running("a").isPresent() && failure("a").isEmpty());
  }

  @Test
  void shouldKeepWhatAPodSaidBeforeItFellSilent() throws Exception {
    Gateway gateway = new Gateway("a");
    reports.ready(List.of(gateway.pod()));
    await().until(() -> running("a").isPresent());
    reports.hurry(List.of("a"));

    gateway.server.close();

    await().until(() -> failure("a").isPresent());
    assertThat(running("a")).contains("v1");
  }

  @Test
  void shouldNotWaitForAPodThatNeverAnswersNorLetItHoldTheOthersUp() throws Exception {
    List<AskedPod> pods = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      parts.add(silent);
      pods.add(new AskedPod("silent-" + i, "u", "127.0.0.1", silent.getLocalPort()));
    }
    pods.add(new Gateway("z").pod());

    reports.ready(pods);

    await().atMost(Duration.ofSeconds(8)).until(() -> running("z").isPresent());
    await()
        .untilAsserted(
            () -> assertThat(failure("silent-0")).contains("it does not answer within 2 s"));
  }

  @Test
  void shouldGiveUpAnAnswerThatDoesNotEnd() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    parts.add(over::countDown);
    ServerSocket trickle = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    parts.add(trickle);
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try (var socket = trickle.accept()) {
                socket
                    .getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{".getBytes(US_ASCII));
                over.await();
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });

    reports.ready(List.of(new AskedPod("a", "u", "127.0.0.1", trickle.getLocalPort())));

    await()
        .atMost(Duration.ofSeconds(6))
        .untilAsserted(() -> assertThat(failure("a")).contains("it does not answer within 2 s"));
  }

  @Test
  void shouldForgetPodsThatGoAndWhatTheirNamesakesSaid() throws Exception {
    Gateway gateway = new Gateway("a");
    reports.ready(List.of(gateway.pod()));
    await().until(() -> running("a").isPresent());

    AskedPod namesake = new AskedPod("a", "another", "127.0.0.1", 1);
    reports.ready(List.of(namesake));
    assertThat(running("a")).isEmpty();
    assertThat(judge.of(DEMO, List.of("a"), Instant.now())).isEqualTo(Flow.UNKNOWN);

    reports.ready(List.of());
    assertThat(reports.of(List.of("a"))).isEmpty();
  }

  @Test
  void shouldAskReadyPodsWithAnAddressAtThePortOfTheDataPlane() {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("a")
            .withUid("u")
            .endMetadata()
            .withNewStatus()
            .withPodIP("fd00::7")
            .addNewCondition()
            .withType("Ready")
            .withStatus("True")
            .endCondition()
            .endStatus()
            .build();

    AskedPod asked = AskedPod.of(pod).orElseThrow();

    assertThat(asked).isEqualTo(new AskedPod("a", "u", "fd00::7", 8888));
    assertThat(asked.authority()).isEqualTo("[fd00::7]:8888");
    pod.getStatus().getConditions().getFirst().setStatus("False");
    assertThat(AskedPod.of(pod)).isEmpty();
  }

  private Optional<String> running(String pod) {
    return reports.of(List.of(pod)).stream()
        .flatMap(view -> view.report().stream())
        .flatMap(report -> Optional.ofNullable(report.pipelines().get(DEMO)).stream())
        .flatMap(taking -> taking.running().stream())
        .findFirst();
  }

  private Optional<String> failure(String pod) {
    return reports.of(List.of(pod)).stream().flatMap(view -> view.failure().stream()).findFirst();
  }

  /** A pod's admin server, as the data plane has it. */
  private final class Gateway {
    private final String name;
    private final AtomicReference<String> version = new AtomicReference<>("v1");
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger askedForFlow = new AtomicInteger();
    private final AdminServer server;

    Gateway(String name) throws IOException {
      this.name = name;
      server =
          AdminServer.start(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
              new Readiness(),
              new Metrics());
      parts.add(server);
      server.protect("/plan", folder.resolve("token"), this::plan);
      server.protect(
          "/flow",
          folder.resolve("token"),
          () -> {
            askedForFlow.incrementAndGet();
            return FLOW;
          });
    }

    private String plan() {
      asked.incrementAndGet();
      return "{\"format\":1,\"pipelines\":[{\"pipeline\":\"tracepipeline/demo\",\"running\":\"%s\"}]}"
          .formatted(version.get());
    }

    AskedPod pod() {
      return new AskedPod(name, "u", "127.0.0.1", server.port());
    }
  }
}
