/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.fixture.KubernetesNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** That the node of the tests runs Pods as a node in the field does. */
class KubernetesNodeTest {
  @RegisterExtension static final KubernetesNode NODE = new KubernetesNode();

  @Test
  void shouldRunAPodAndLetItsLogBeRead() {
    String namespace = NODE.namespace("log");

    run(namespace, "echo hello from the pod");

    assertThat(NODE.kubectl().run("logs", "once", "-n", namespace))
        .isEqualTo("hello from the pod\n");
    assertThat(NODE.varLog().resolve("containers"))
        .isDirectoryContaining(file -> file.getFileName().toString().contains(namespace));
  }

  @Test
  void shouldShowAPodTheHostPathOfTheNodeAndNotOfTheMachine() throws IOException {
    String namespace = NODE.namespace("volume");
    Path folder = Files.createDirectories(NODE.varLib().resolve("caravan/test"));
    Files.writeString(folder.resolve("seen"), "by the pod");

    run(namespace, "cat /data/seen");

    assertThat(NODE.kubectl().run("logs", "once", "-n", namespace)).isEqualTo("by the pod");
  }

  @Test
  void shouldLetAPodReachAServerOfThisMachineAndResolveServices() throws IOException {
    String namespace = NODE.namespace("network");
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName(NODE.machine()))) {
      Thread.ofPlatform().daemon().start(() -> answer(server));

      run(
          namespace,
          "nslookup kubernetes.default.svc.cluster.local >/dev/null && nc %s %d </dev/null"
              .formatted(NODE.machine(), server.getLocalPort()));

      assertThat(NODE.kubectl().run("logs", "once", "-n", namespace)).isEqualTo("reached\n");
    }
  }

  private static void answer(ServerSocket server) {
    try (Socket socket = server.accept()) {
      socket.getOutputStream().write("reached\n".getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new AssertionError("nobody came", e);
    }
  }

  /** Runs a Pod called {@code once} to its end. */
  private static void run(String namespace, String script) {
    NODE.kubectl()
        .apply(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: once, namespace: %s}
            spec:
              restartPolicy: Never
              containers:
              - name: once
                image: %s
                command: [sh, -c, '%s']
                volumeMounts: [{name: data, mountPath: /data}]
              volumes: [{name: data, hostPath: {path: /var/lib/caravan/test, type: DirectoryOrCreate}}]
            """
                .formatted(namespace, KubernetesNode.BUSYBOX, script));
    NODE.kubectl()
        .run(
            "wait",
            "--for=jsonpath={.status.phase}=Succeeded",
            "--timeout=90s",
            "pod/once",
            "-n",
            namespace);
  }
}
