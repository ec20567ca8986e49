/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.fixture.KubernetesAccess;
import io.caravan.acceptance.fixture.KubernetesApi;
import io.caravan.acceptance.fixture.ManagerProcess;
import io.caravan.plan.shard.Shard;
import io.caravan.plan.shard.ShardReading;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Of several managers one acts at a time, and whoever is next goes on where it was. */
@ResourceLock(ManagerProcess.LOCK)
@Isolated("measures how soon a lease is taken")
class ManagerLeaderTest {
  private static final String NAMESPACE = "kyma-system";
  private static final String LEASE = "cdd7ef0b.kyma-project.io";
  private static final int PIPELINES = 200;
  private static final Pattern FOURTH_SHARD =
      Pattern.compile("Applied object=\"Secret kyma-system/telemetry-plan-03\"");

  @RegisterExtension static final KubernetesApi API = KubernetesApi.own();

  private static KubernetesAccess account;

  @BeforeAll
  static void install() throws Exception {
    new ManagerCluster(API).install();
    account = API.users().serviceAccount(NAMESPACE, "telemetry-manager");
    new ManyObjects(API.client(), 5).make(PIPELINES, 0);
  }

  private static ManagerProcess start(String identity) {
    return ManagerProcess.start(account, NAMESPACE, identity);
  }

  private static void awaitLeading(ManagerProcess manager, Duration patience) {
    Awaitility.await()
        .atMost(patience)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> leads(manager));
  }

  private static boolean leads(ManagerProcess manager) {
    return manager.process().text().contains("Leading");
  }

  @Test
  void shouldHandTheLeaseOverAtOnceWhenAskedToEnd() {
    try (ManagerProcess first = start("first").awaitActing();
        ManagerProcess second = start("second")) {
      assertThat(leads(second)).isFalse();

      first.process().terminate();
      assertThat(first.process().awaitExit(Duration.ofSeconds(20))).isZero();

      awaitLeading(second, Duration.ofSeconds(5));
      second.awaitActing();
    }
  }

  @Test
  void shouldTakeTheLeaseOfOneThatWasKilledWithinTwentySeconds() {
    try (ManagerProcess first = start("third").awaitActing();
        ManagerProcess second = start("fourth")) {
      first.process().kill();

      awaitLeading(second, Duration.ofSeconds(20));
      second.awaitActing();
    }
  }

  @Test
  void shouldEndWhenAnotherHasTheLease() {
    try (ManagerProcess manager = start("robbed").awaitActing()) {
      String now = Instant.now().truncatedTo(ChronoUnit.MICROS).toString();
      API.kubectl()
          .run(
              "patch",
              "lease",
              LEASE,
              "-n",
              NAMESPACE,
              "--type=merge",
              "-p",
              "{\"spec\":{\"holderIdentity\":\"robber\",\"leaseDurationSeconds\":15,\"renewTime\":\"%s\",\"acquireTime\":\"%s\"}}"
                  .formatted(now, now));

      assertThat(manager.process().awaitExit(Duration.ofSeconds(15))).isEqualTo(1);
      assertThat(manager.process().text()).contains("The lease is lost");
    } finally {
      API.kubectl().run("delete", "lease", LEASE, "-n", NAMESPACE);
    }
  }

  @Test
  void shouldConvergeAfterAKillInTheMiddleOfApplying() {
    new PlannedCluster(API).deleteShards();
    try (ManagerProcess killed = start("killed").awaitActing()) {
      var _ = killed.process().await(FOURTH_SHARD, 1);
      killed.process().kill();
    }
    SortedMap<String, String> converged;
    try (ManagerProcess _ = start("successor").awaitActing()) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(90))
          .pollInterval(Duration.ofSeconds(1))
          .untilAsserted(
              () -> {
                ShardReading read = shards();
                assertThat(read.unread()).isEmpty();
                assertThat(read.plan().pipelines())
                    .hasSize(PIPELINES)
                    .allMatch(each -> each.routes().isPresent());
              });
      converged = new ManagerWrites(API).shards();
    }
    // Another one comes to the same digests: it finds nothing to write.
    try (ManagerProcess _ = start("last").awaitActing()) {
      Map<String, Double> before = new ManagerWrites(API).counted();
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> !new ManagerWrites(API).counted().equals(before));
      assertThat(new ManagerWrites(API).since(converged)).isEmpty();
    }
  }

  private static ShardReading shards() {
    List<Shard> shards = new ArrayList<>();
    for (int number = 0; number < Shard.COUNT; number++) {
      String name = Shard.name(number);
      var config = API.client().configMaps().inNamespace(NAMESPACE).withName(name).get();
      var secret = API.client().secrets().inNamespace(NAMESPACE).withName(name).get();
      if (config != null && secret != null) {
        SortedMap<String, String> values = new TreeMap<>();
        Objects.requireNonNullElse(secret.getData(), Map.<String, String>of())
            .forEach(
                (key, value) ->
                    values.put(
                        key,
                        new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
        shards.add(
            new Shard(
                number,
                new TreeMap<>(
                    Objects.requireNonNullElse(config.getData(), Map.<String, String>of())),
                values));
      }
    }
    return ShardReading.of(shards);
  }
}
