/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SecretScopeTest {
  @Test
  void shouldWatchFewSecretsOfANamespaceByTheirNames() {
    assertThat(SecretScope.of(secrets(2, 3), 10, 60))
        .containsExactlyInAnyOrder(
            new SecretScope("team-0", "secret-0"),
            new SecretScope("team-0", "secret-1"),
            new SecretScope("team-0", "secret-2"),
            new SecretScope("team-1", "secret-0"),
            new SecretScope("team-1", "secret-1"),
            new SecretScope("team-1", "secret-2"));
  }

  @Test
  void shouldWatchTheNamespaceOfManySecrets() {
    assertThat(SecretScope.of(secrets(1, 10), 10, 60))
        .containsExactly(new SecretScope("team-0", ""));
  }

  @Test
  void shouldWatchNamespacesWhereNamesWouldBeTooManyWatches() {
    assertThat(SecretScope.of(secrets(30, 3), 10, 60))
        .hasSize(30)
        .allMatch(each -> each.name().isEmpty());
  }

  @Test
  void shouldWatchTheClusterWhereNamespacesWouldBeTooManyWatches() {
    assertThat(SecretScope.of(secrets(61, 1), 10, 60)).containsExactly(new SecretScope("", ""));
  }

  @Test
  void shouldCoverEverySecretThatIsWanted() {
    for (int namespaces = 1; namespaces < 70; namespaces += 7) {
      for (int each = 1; each < 14; each += 3) {
        Set<SecretName> wanted = secrets(namespaces, each);

        Set<SecretScope> scopes = SecretScope.of(wanted, 10, 60);

        assertThat(scopes).hasSizeLessThanOrEqualTo(60);
        assertThat(wanted)
            .allMatch(one -> SecretScope.thatHold(one).stream().anyMatch(scopes::contains));
      }
    }
  }

  @Test
  void shouldWatchNothingForNothing() {
    assertThat(SecretScope.of(Set.of(), 10, 60)).isEqualTo(Set.copyOf(List.of()));
  }

  private static Set<SecretName> secrets(int namespaces, int each) {
    Set<SecretName> names = new HashSet<>();
    for (int namespace = 0; namespace < namespaces; namespace++) {
      for (int number = 0; number < each; number++) {
        names.add(new SecretName("team-" + namespace, "secret-" + number));
      }
    }
    return names;
  }
}
