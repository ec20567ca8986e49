/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.acceptance.PlannedCluster;
import io.caravan.acceptance.fixture.GatewayProcess;
import io.caravan.acceptance.fixture.KubernetesAccess;
import io.caravan.acceptance.fixture.KubernetesApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Gateways of one node, each with its folder below one parent, are killed and replaced. */
class GatewayFoldersTest {
  private static final Load LOAD = Load.closedLoop(4, 50);
  private static final int RECORDS = 3_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @RegisterExtension static final KubernetesApi API = KubernetesApi.own();

  private static @Nullable KubernetesAccess user;

  @TempDir Path folder;
  private final ScriptedBackend backend = ScriptedBackend.grpc();
  private final List<AutoCloseable> begun = new ArrayList<>();

  @BeforeAll
  static void install() {
    user = PlannedCluster.install(API);
  }

  @BeforeEach
  void plan() {
    new PlannedCluster(API).with(Stage.pipeline("traces", backend)).apply();
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : begun.reversed()) {
      each.close();
    }
    backend.close();
  }

  @Test
  void shouldDeliverWhatAKilledInstanceHasLeftThroughTheOneBesideIt() {
    GatewayProcess first = gateway("a");
    GatewayProcess second = gateway("b");
    backend.network(Gate.State.SHUT);
    SendersLog one = send(first);
    first.process().kill();

    backend.network(Gate.State.OPEN);

    awaitAll(one);
    awaitFolders("b");
    assertThat(backend.arrivals().duplicates()).isZero();
    assertThat(backend.arrivals().outOfOrder()).isZero();
    assertThat(second.process().isAlive()).isTrue();
  }

  @Test
  void shouldGoOnInTheFolderOfAKilledInstanceUnderAnotherName() {
    GatewayProcess first = gateway("a");
    backend.network(Gate.State.SHUT);
    SendersLog sent = send(first);
    first.process().kill();
    GatewayProcess _ = gateway("c");

    backend.network(Gate.State.OPEN);

    awaitAll(sent);
    assertThat(backend.arrivals().duplicates()).isZero();
    assertThat(folders()).containsExactly("a");
  }

  @Test
  void shouldSendAgainNoMoreThanOnePortionWhenTheAdopterIsKilledToo() {
    GatewayProcess first = gateway("a");
    GatewayProcess second = gateway("b");
    backend.network(Gate.State.SHUT);
    SendersLog sent = send(first);
    first.process().kill();
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> second.process().text().contains("Folder of another instance adopted"));
    second.process().kill();
    GatewayProcess _ = gateway("c");

    backend.network(Gate.State.OPEN);

    awaitAll(sent);
    Awaitility.await("one folder")
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(folders()).hasSize(1));
    // A portion is a mebibyte of these.
    assertThat(backend.arrivals().duplicates()).isLessThanOrEqualTo(RECORDS);
  }

  @Test
  void shouldLoseNothingWhenTheNewStartsWhileTheOldOneEnds() {
    GatewayProcess old = gateway("old");
    backend.network(Gate.State.SHUT);
    SendersLog sent = send(old);
    GatewayProcess _ = gateway("new");
    old.process().terminate();
    assertThat(old.process().awaitExit(Duration.ofSeconds(15))).isZero();

    backend.network(Gate.State.OPEN);

    awaitAll(sent);
    awaitFolders("new");
    assertThat(backend.arrivals().duplicates()).isZero();
  }

  @Test
  void shouldDeliverItsBacklogBeforeItEndsWhenItIsToldToAndTakeNothingMore() throws IOException {
    GatewayProcess gateway = gateway("a", "--at-stop=deliver", "--drain-timeout=60s");
    backend.network(Gate.State.SHUT);
    SendersLog sent = send(gateway);
    gateway.process().terminate();
    gateway.process().await(Pattern.compile("event=delivering_before_end"), 1);
    assertThatThrownBy(
            () -> new Socket(InetAddress.getLoopbackAddress(), gateway.grpcPort()).close())
        .isInstanceOf(ConnectException.class);
    assertThat(gateway.admin().get("/readyz").statusCode()).isEqualTo(503);

    backend.network(Gate.State.OPEN);

    assertThat(gateway.process().awaitExit(Duration.ofSeconds(50))).isZero();
    assertThat(sent.acknowledged().missingIn(backend.arrivals().numbers())).isZero();
    assertThat(gateway.process().text()).doesNotContain("event=backlog_left");
  }

  @Test
  void shouldEndInItsTimeAndSayWhatIsLeftWhenNothingCanBeDelivered() {
    GatewayProcess gateway = gateway("a", "--at-stop=deliver", "--drain-timeout=2s");
    backend.network(Gate.State.SHUT);
    SendersLog sent = send(gateway);

    gateway.process().terminate();

    assertThat(gateway.process().awaitExit(Duration.ofSeconds(15))).isZero();
    assertThat(gateway.process().text())
        .contains("event=backlog_left pipeline=tracepipeline/traces")
        .contains("records=" + sent.acknowledged().size());
  }

  private GatewayProcess gateway(String name, String... more) {
    GatewayProcess gateway =
        new GatewayProcess(
            Objects.requireNonNull(user).kubeconfig(), folder.resolve("parent"), name);
    begun.add(gateway);
    return gateway.start(more);
  }

  /** Has this many records accepted, and ends. */
  private static SendersLog send(GatewayProcess gateway) {
    try (RetryingSenders senders = new RetryingSenders(gateway.grpcPort(), LOAD)) {
      Awaitility.await("acknowledged records")
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> senders.log().acknowledged().size() >= RECORDS);
      senders.finish();
      return senders.log();
    }
  }

  private void awaitAll(SendersLog sent) {
    Awaitility.await("everything that was acknowledged")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> sent.acknowledged().missingIn(backend.arrivals().numbers()) == 0);
  }

  private void awaitFolders(String... names) {
    Awaitility.await("the folders that are left")
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(folders()).containsExactly(names));
  }

  private List<String> folders() {
    try (Stream<Path> all = Files.list(folder.resolve("parent"))) {
      return all.filter(Files::isDirectory)
          .map(each -> each.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
