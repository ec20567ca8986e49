/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.fixture.ImageArchive;
import io.caravan.acceptance.fixture.Kubectl;
import io.caravan.acceptance.fixture.KubernetesNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The image, in Pods that may do no more than those of the manager may. */
class ImageTest {
  @RegisterExtension static final KubernetesNode NODE = new KubernetesNode();

  private static final String JAVA = "@/opt/caravan/java.options";

  @BeforeAll
  static void load() {
    NODE.load(ImageArchive.get().file());
  }

  @Test
  void shouldRunACommandAndEnd() {
    String namespace = NODE.namespace("command");

    NODE.kubectl().apply(pod(namespace, "--version", "256Mi"));
    NODE.kubectl()
        .run(
            "wait",
            "--for=jsonpath={.status.phase}=Succeeded",
            "--timeout=90s",
            "pod/caravan",
            "-n",
            namespace);

    assertThat(NODE.kubectl().run("logs", "caravan", "-n", namespace))
        .startsWith("caravan " + ImageArchive.get().name().replaceFirst(".*:", "") + "\n");
  }

  @ParameterizedTest
  @CsvSource({"256, 64", "512, 169", "1024, 338"})
  void shouldBeReadyWithinItsMemoryAndHaveNoShell(int mebibytes, long heap) {
    String namespace = NODE.namespace("run");

    NODE.kubectl().apply(pipeline(namespace) + pod(namespace, "run, /pipelines", mebibytes + "Mi"));
    NODE.kubectl()
        .run("wait", "--for=condition=Ready", "--timeout=90s", "pod/caravan", "-n", namespace);

    assertThat(exec(namespace, "java", JAVA, "status").output()).contains("logpipeline/console");
    assertThat(figure(exec(namespace, "jcmd", "1", "VM.flags"), "-XX:MaxHeapSize="))
        .isBetween((heap - 1) << 20, (heap + 1) << 20);
    assertThat(
            figure(
                exec(namespace, "jcmd", "1", "VM.system_properties"), "io.netty.maxDirectMemory="))
        .isBetween((mebibytes - 128 - heap - 1) << 20, (mebibytes - 128 - heap + 1) << 20);
    assertThat(exec(namespace, "sh", "-c", "true").errors()).contains("executable file not found");
  }

  private static long figure(Kubectl.Said said, String name) {
    assertThat(said.output()).as(said.errors()).contains(name);
    String rest = said.output().substring(said.output().indexOf(name) + name.length());
    return Long.parseLong(rest.split("\\D", 2)[0]);
  }

  private static Kubectl.Said exec(String namespace, String... command) {
    String[] arguments = new String[command.length + 5];
    String[] begin = {"exec", "caravan", "-n", namespace, "--"};
    System.arraycopy(begin, 0, arguments, 0, begin.length);
    System.arraycopy(command, 0, arguments, begin.length, command.length);
    return NODE.kubectl().attempt(arguments);
  }

  private static String pipeline(String namespace) {
    return """
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: pipelines, namespace: %s}
    data:
      console.yaml: |
        apiVersion: telemetry.kyma-project.io/v1beta1
        kind: LogPipeline
        metadata: {name: console}
        spec: {output: {kamelet: {name: console-sink}}}
    ---
    """
        .formatted(namespace);
  }

  private static String pod(String namespace, String arguments, String memory) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: caravan, namespace: %s}
    spec:
      restartPolicy: Never
      securityContext: {runAsNonRoot: true, fsGroup: 10001, seccompProfile: {type: RuntimeDefault}}
      containers:
      - name: caravan
        image: %s
        args: [%s]
        resources: {limits: {memory: %s}}
        securityContext: {readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
        readinessProbe: {httpGet: {path: /readyz, port: 8888}, periodSeconds: 1}
        volumeMounts:
        - {name: tmp, mountPath: /tmp}
        - {name: data, mountPath: /var/lib/caravan}
        - {name: pipelines, mountPath: /pipelines}
      volumes:
      - {name: tmp, emptyDir: {}}
      - {name: data, emptyDir: {}}
      - {name: pipelines, configMap: {name: pipelines, optional: true}}
    """
        .formatted(namespace, ImageArchive.get().name(), arguments, memory);
  }
}
