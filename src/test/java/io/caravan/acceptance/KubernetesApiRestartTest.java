/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.acceptance.fixture.KubernetesApi;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * That an API server of a test's own can be taken away from its clients, and comes back as it was.
 */
class KubernetesApiRestartTest {
  @RegisterExtension static final KubernetesApi API = KubernetesApi.ownWithControllers();

  @AfterEach
  void startAgain() {
    API.startAgain();
  }

  @Test
  void shouldBeAwayAfterAStopAndHaveItsObjectsWhenItIsBack() {
    String namespace = API.namespace("stop");

    API.stop();

    assertThatThrownBy(() -> API.client().namespaces().withName(namespace).get())
        .isInstanceOf(KubernetesClientException.class);
    API.startAgain();
    assertThat(API.client().namespaces().withName(namespace).get()).isNotNull();
  }

  @Test
  void shouldHaveItsObjectsAfterAKill() {
    String namespace = API.namespace("kill");

    API.kill();
    API.startAgain();

    assertThat(API.client().namespaces().withName(namespace).get()).isNotNull();
  }

  @Test
  void shouldMakeThePodOfADeploymentWithTheControllers() {
    String namespace = API.namespace("controllers");

    API.kubectl().run("create", "deployment", "idle", "--image=none", "-n", namespace);

    // Controllers that lost their API server a moment ago wait up to half a minute before they look
    // again.
    Awaitility.await("the Deployment's Pod")
        .atMost(Duration.ofSeconds(90))
        .until(() -> API.client().pods().inNamespace(namespace).list().getItems().size() == 1);
  }
}
