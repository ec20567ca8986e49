/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.round;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.manager.cluster.ObjectKey;
import io.caravan.manager.workload.Emptying;
import io.caravan.manager.workload.Installation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Claims whose gateways go")
class EmptiedClaimsTest {
  private static final boolean IDLE = true;
  private static final boolean BUSY = false;

  private final StatefulSet gateways =
      new StatefulSetBuilder()
          .withNewMetadata()
          .withName("telemetry-otlp-gateway")
          .withNamespace("kyma-system")
          .endMetadata()
          .withNewSpec()
          .withReplicas(2)
          .withNewTemplate()
          .withNewMetadata()
          .endMetadata()
          .withNewSpec()
          .endSpec()
          .endTemplate()
          .addNewVolumeClaimTemplate()
          .withNewMetadata()
          .withName("journal")
          .endMetadata()
          .endVolumeClaimTemplate()
          .endSpec()
          .build();
  private final HasMetadata emptied =
      Emptying.of(Installation.of("kyma-system", "caravan"), gateways).orElseThrow();

  @Test
  void shouldBeMarkedWhenTheirGatewaysHaveNothingLeftAndNotThoseOfReplicasThatWentBefore() {
    List<HasMetadata> marked =
        EmptiedClaims.of(ours(emptied, claim(0), claim(1), claim(2)), List.of(emptied), BUSY);

    assertThat(marked)
        .extracting(one -> one.getMetadata().getName())
        .containsExactlyInAnyOrder(
            "journal-telemetry-otlp-gateway-0", "journal-telemetry-otlp-gateway-1");
    assertThat(marked)
        .allMatch(one -> EmptiedClaims.is((PersistentVolumeClaim) one))
        .allMatch(one -> ((PersistentVolumeClaim) one).getSpec() == null);
  }

  @Test
  void shouldBeMarkedWhenTheyGoWithTheLastPipeline() {
    assertThat(EmptiedClaims.of(ours(gateways, claim(0)), List.of(gateways), IDLE)).hasSize(1);
    assertThat(EmptiedClaims.of(ours(gateways, claim(0)), List.of(gateways), BUSY)).isEmpty();
  }

  @Test
  void shouldLoseTheirMarkWhenThereAreGatewaysWithClaimsAgain() {
    HasMetadata marked =
        EmptiedClaims.of(ours(emptied, claim(0)), List.of(emptied), BUSY).getFirst();

    List<HasMetadata> applied = EmptiedClaims.of(ours(gateways, marked), List.of(), BUSY);

    assertThat(applied)
        .singleElement()
        .matches(one -> !EmptiedClaims.is((PersistentVolumeClaim) one));
    assertThat(EmptiedClaims.of(ours(gateways, claim(0)), List.of(), BUSY)).isEmpty();
    assertThat(EmptiedClaims.of(ours(marked), List.of(), BUSY)).isEmpty();
  }

  private static HasMetadata claim(int number) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName("journal-telemetry-otlp-gateway-" + number)
        .withNamespace("kyma-system")
        .endMetadata()
        .build();
  }

  private static Map<ObjectKey, HasMetadata> ours(HasMetadata... objects) {
    return Stream.of(objects).collect(Collectors.toMap(ObjectKey::of, Function.identity()));
  }
}
