/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.api.Condition;
import io.caravan.api.Condition.Status;
import io.caravan.api.Telemetry.Gateway;
import io.caravan.manager.cluster.ObjectKey;
import io.caravan.manager.probe.PodView;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What is said of journals when the mode has gone to DaemonSet")
class JournalReportTest {
  private static final Map<String, String> EMPTYING = Map.of("caravan.io/emptying", "true");
  private static final Map<String, String> SERVING = Map.of();

  @Test
  void shouldNameFormerGatewaysThatDeliverAndWhatKeepsThemFromTellingThatTheyAreDone() {
    Condition condition =
        report(
            former("a", EMPTYING, "True"),
            former("b", EMPTYING, "True"),
            former("c", EMPTYING, "False"));

    assertThat(condition.status()).isEqualTo(Status.TRUE);
    assertThat(condition.reason()).isEqualTo("FormerGatewaysDeliver");
    assertThat(condition.message())
        .contains("a (node n), b (node n, does not answer), c (node n, not ready). ");
  }

  @Test
  void shouldSayThatTheyServeWhileThoseOfThePresentModeAreNotReady() {
    Condition condition = report(former("a", SERVING, "True"));

    assertThat(condition.reason()).isEqualTo("FormerGatewaysServe");
  }

  @Test
  void shouldNameClaimsThatWereLeftAndNotThoseThatWereEmptied() {
    assertThat(withClaim(Map.of()).reason()).isEqualTo("ClaimLeftBehind");
    assertThat(withClaim(Map.of("caravan.io/emptied", "true")).reason()).isEqualTo("JournalOnNode");
  }

  private static Condition withClaim(Map<String, String> annotations) {
    HasMetadata object =
        new PersistentVolumeClaimBuilder()
            .withNewMetadata()
            .withName("journal-telemetry-otlp-gateway-0")
            .withNamespace("kyma-system")
            .withAnnotations(annotations)
            .endMetadata()
            .build();
    return new JournalReport(Gateway.DEFAULT, Map.of(ObjectKey.of(object), object), List.of())
        .condition(_ -> List.of());
  }

  /** Of the former pods, of which the one called b does not answer. */
  private static Condition report(Pod... pods) {
    return new JournalReport(Gateway.DEFAULT, Map.of(), List.of(pods))
        .condition(names -> names.stream().map(JournalReportTest::view).toList());
  }

  private static PodView view(String pod) {
    return new PodView(
        pod,
        Instant.EPOCH,
        Optional.empty(),
        Stream.of("Connection refused").filter(_ -> pod.equals("b")).findFirst());
  }

  private static Pod former(String name, Map<String, String> annotations, String ready) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withAnnotations(annotations)
        .addNewOwnerReference()
        .withKind("StatefulSet")
        .withName("telemetry-otlp-gateway")
        .endOwnerReference()
        .endMetadata()
        .withNewSpec()
        .withNodeName("n")
        .endSpec()
        .withNewStatus()
        .addNewCondition()
        .withType("Ready")
        .withStatus(ready)
        .endCondition()
        .endStatus()
        .build();
  }
}
