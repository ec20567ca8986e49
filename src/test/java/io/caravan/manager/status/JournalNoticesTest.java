/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.api.Condition;
import io.caravan.api.Condition.Status;
import io.caravan.api.Telemetry.Gateway;
import io.caravan.api.Telemetry.GatewayMode;
import io.caravan.api.Telemetry.Journal;
import io.caravan.api.Telemetry.JournalType;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What is said of the gateway's journal")
class JournalNoticesTest {
  private static final Gateway CLAIMS =
      new Gateway(
          GatewayMode.CENTRAL,
          new Journal(Optional.of(JournalType.PERSISTENT_VOLUME_CLAIM), Optional.empty()));
  private static final Gateway CENTRAL =
      new Gateway(GatewayMode.CENTRAL, new Journal(Optional.empty(), Optional.empty()));

  @Test
  void shouldSayWhatItDoesNotSurvive() {
    assertThat(without(Gateway.DEFAULT).reason()).isEqualTo("JournalOnNode");
    assertThat(without(CENTRAL).reason()).isEqualTo("JournalEndsWithPod");
    assertThat(without(CENTRAL).message()).contains("has not delivered after 5 minutes is lost");
    assertThat(without(CLAIMS).reason()).isEqualTo("JournalOnClaim");
    assertThat(without(CENTRAL).status()).isEqualTo(Status.TRUE);
  }

  @Test
  void shouldNameAClaimThatNobodyComesBackFor() {
    Condition condition = JournalNotices.of(CLAIMS, 1, claims(3), List.of(podWith(claim(0))));

    assertThat(condition.status()).isEqualTo(Status.FALSE);
    assertThat(condition.reason()).isEqualTo("ClaimLeftBehind");
    assertThat(condition.message())
        .contains(
            "journal-telemetry-otlp-gateway-1, journal-telemetry-otlp-gateway-2.",
            "at least 3 replicas");
  }

  @Test
  void shouldNotNameAClaimWhosePodIsBeingReplacedOrEnds() {
    assertThat(JournalNotices.of(CLAIMS, 2, claims(2), List.of()).status()).isEqualTo(Status.TRUE);
    assertThat(JournalNotices.of(CLAIMS, 1, claims(2), List.of(podWith(claim(1)))).status())
        .isEqualTo(Status.TRUE);
  }

  @Test
  void shouldNameClaimsOfAModeThatIsNotInUseAnyMore() {
    Condition condition = JournalNotices.of(Gateway.DEFAULT, 0, claims(1), List.of());

    assertThat(condition.status()).isEqualTo(Status.FALSE);
    assertThat(condition.message()).contains("mode central and persistentVolumeClaim");
  }

  @Test
  void shouldCountClaimsThatItDoesNotName() {
    assertThat(JournalNotices.of(CLAIMS, 0, claims(12), List.of()).message())
        .contains(" and 2 more. ", "at least 12 replicas");
  }

  @Test
  void shouldLeaveAClaimAloneThatIsBeingDeleted() {
    List<PersistentVolumeClaim> claims = claims(1);
    claims.getFirst().getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");

    assertThat(JournalNotices.of(CLAIMS, 0, claims, List.of()).status()).isEqualTo(Status.TRUE);
  }

  private static Condition without(Gateway gateway) {
    return JournalNotices.of(gateway, 0, List.of(), List.of());
  }

  private static List<PersistentVolumeClaim> claims(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new PersistentVolumeClaimBuilder()
                    .withNewMetadata()
                    .withName(claim(i))
                    .endMetadata()
                    .build())
        .toList();
  }

  private static String claim(int number) {
    return "journal-telemetry-otlp-gateway-" + number;
  }

  private static Pod podWith(String claim) {
    return new PodBuilder()
        .withNewSpec()
        .addNewVolume()
        .withName("journal")
        .withNewPersistentVolumeClaim()
        .withClaimName(claim)
        .endPersistentVolumeClaim()
        .endVolume()
        .endSpec()
        .build();
  }
}
