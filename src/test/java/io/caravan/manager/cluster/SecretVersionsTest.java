/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SecretVersionsTest {
  private static final String KEY = "team/credentials";

  private final SecretVersions store = new SecretVersions();

  private static Secret secret(String version) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace("team")
        .withName("credentials")
        .withResourceVersion(version)
        .endMetadata()
        .withData(Map.of("key", "dmFsdWU="))
        .build();
  }

  @Test
  void shouldSayWhichVersionThereWasBefore() {
    assertThat(store.put(store.getKey(secret("1")), secret("1"))).isNull();

    Secret before = requireNonNull(store.put(KEY, secret("2")));

    assertThat(before.getMetadata().getResourceVersion()).isEqualTo("1");
    assertThat(requireNonNull(store.get(KEY)).getMetadata().getResourceVersion()).isEqualTo("2");
  }

  @Test
  void shouldKeepNamesAndNoValues() {
    var _ = store.put(KEY, secret("1"));

    assertThat(store.isFullState()).isFalse();
    assertThat(store.keySet()).containsExactly(KEY);
    assertThat(store.values())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.getMetadata().getNamespace()).isEqualTo("team");
              assertThat(one.getMetadata().getName()).isEqualTo("credentials");
              assertThat(one.getData()).isNullOrEmpty();
            });
  }

  @Test
  void shouldForgetWhatIsGone() {
    var _ = store.put(KEY, secret("1"));

    assertThat(store.remove(KEY)).isNotNull();
    assertThat(store.remove(KEY)).isNull();
    assertThat(store.get(KEY)).isNull();
    assertThat(store.size()).isZero();
  }
}
