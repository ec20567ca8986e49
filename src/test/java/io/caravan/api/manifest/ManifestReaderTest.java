/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.api.Header;
import io.caravan.api.KameletOutput;
import io.caravan.api.LogPipeline;
import io.caravan.api.NamespaceSelector;
import io.caravan.api.OtlpOutput;
import io.caravan.api.Pipeline;
import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import io.caravan.api.Secret;
import io.caravan.api.ValueType.Literal;
import io.caravan.api.ValueType.SecretKeyRef;
import io.caravan.api.manifest.Finding.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read of well-formed and of wrong manifests, and where findings say that it stands. */
final class ManifestReaderTest {

  private static final String TRACE =
      """
      apiVersion: telemetry.kyma-project.io/v1beta1
      kind: TracePipeline
      metadata:
        name: %s
      spec:
        output:
          otlp:
            endpoint:
              value: http://localhost:4317
      """;

  @Test
  void shouldReadEveryDocumentOfAFileInOrder() {
    Manifests manifests =
        ManifestReader.read(TRACE.formatted("b") + "---\n" + TRACE.formatted("a"), "f.yaml");

    assertThat(manifests.findings()).isEmpty();
    assertThat(manifests.pipelines())
        .extracting(found -> found.resource().id().toString() + " " + found.location())
        .containsExactly("tracepipeline/b f.yaml:1:1", "tracepipeline/a f.yaml:11:1");
  }

  @Test
  void shouldApplyTheDefaultsOfTheWebhooks() {
    Pipeline pipeline =
        only(
            """
            apiVersion: telemetry.kyma-project.io/v1beta1
            kind: LogPipeline
            metadata: {name: demo}
            spec:
              output:
                kamelet: {name: http-sink, properties: {url: "http://x", retries: 3, ratio: 0.5, on: true, password: {valueFrom: {secretKeyRef: {name: s, namespace: n, key: k}}}}}
            """);

    LogPipeline logs = (LogPipeline) pipeline;
    assertThat(logs.id()).isEqualTo(new PipelineId(PipelineKind.LOG, "demo"));
    assertThat(logs.input().runtime().enabled()).isTrue();
    assertThat(logs.input().runtime().keepOriginalBody()).isTrue();
    assertThat(logs.input().runtime().namespaces().exclude())
        .containsExactly("kyma-system", "kube-system", "istio-system");
    assertThat(logs.input().otlp().enabled()).isTrue();
    assertThat(logs.input().otlp().namespaces()).isEqualTo(NamespaceSelector.ALL);
    assertThat(logs.output())
        .isEqualTo(
            new KameletOutput(
                "http-sink",
                Map.of(
                    "url", new Literal("http://x"),
                    "retries", new Literal("3"),
                    "ratio", new Literal("0.5"),
                    "on", new Literal("true"),
                    "password", new SecretKeyRef("s", "n", "k"))));
  }

  @Test
  void shouldReadHeadersWithTheirValuesBesideTheirNames() {
    OtlpOutput output =
        (OtlpOutput)
            only("""
                    apiVersion: telemetry.kyma-project.io/v1beta1
                    kind: TracePipeline
                    metadata:
                      name: demo
                    spec:
                      output:
                        otlp:
                          endpoint: {value: backend}
                          headers:
                          - name: Authorization
                            prefix: Api-Token
                            valueFrom: {secretKeyRef: {name: s, namespace: n, key: k}}
                    """)
                .output();

    assertThat(output.protocol()).isEqualTo(OtlpOutput.Protocol.GRPC);
    assertThat(output.headers())
        .containsExactly(
            new Header("Authorization", new SecretKeyRef("s", "n", "k"), Optional.of("Api-Token")));
  }

  @Test
  void shouldPointAtTheUnknownFieldAndSayWhatWasMeant() {
    Manifests manifests =
        ManifestReader.read(TRACE.formatted("demo").replace("endpoint:", "endpiont:"), "f.yaml");

    assertThat(manifests.findings().getLast().toString())
        .startsWith(
            "f.yaml:8:7: spec.output.otlp.endpiont: unknown field; did you mean 'endpoint'? Allowed: protocol, endpoint,");
    assertThat(manifests.findings())
        .extracting(Finding::toString)
        .contains("f.yaml:7:5: spec.output.otlp.endpoint: required, but missing");
    assertThat(manifests.rejected())
        .containsExactly(new ResourceName("TracePipeline", Optional.empty(), "demo"));
    assertThat(manifests.pipelines()).isEmpty();
  }

  @Test
  void shouldNameBothPlacesWhereAResourceIsThereTwice() {
    Manifests manifests =
        ManifestReader.readSources(
            List.of(
                new Source("a.yaml", TRACE.formatted("demo")),
                new Source(
                    "b.yaml", TRACE.formatted("other") + "---\n" + TRACE.formatted("demo"))));

    assertThat(manifests.findings())
        .extracting(Finding::toString)
        .containsExactly(
            "b.yaml:14:9: metadata.name: TracePipeline demo is there twice: here and in a.yaml:4:9; neither is used");
    assertThat(manifests.pipelines())
        .extracting(found -> found.resource().metadata().name())
        .containsExactly("other");
  }

  @Test
  void shouldReadTheResourcesOfAList() {
    Manifests manifests =
        ManifestReader.read(
            """
            apiVersion: v1
            kind: List
            items:
            - apiVersion: v1
              kind: Secret
              metadata: {name: s}
              stringData: {user: alice}
              data: {password: c2VjcmV0}
            - apiVersion: camel.apache.org/v1
              kind: Kamelet
              metadata: {name: my-sink}
              spec: {definition: {title: Mine}}
            - apiVersion: telemetry.kyma-project.io/v1beta1
              kind: TracePipeline
              metadata: {name: demo}
              spec: {output: {otlp: {endpoint: {}}}}
            """,
            "f.yaml");

    Secret secret = manifests.secrets().getFirst().resource();
    assertThat(secret.value("password").orElseThrow().text()).isEqualTo("secret");
    assertThat(secret.value("user").orElseThrow().text()).isEqualTo("alice");
    assertThat(secret.toString()).isEqualTo("Secret[default/s, keys=password user]");
    assertThat(manifests.kamelets().getFirst().resource().name()).isEqualTo("my-sink");
    assertThat(manifests.kamelets().getFirst().resource().yaml())
        .isEqualTo(
            "{\"apiVersion\":\"camel.apache.org/v1\",\"kind\":\"Kamelet\",\"metadata\":{\"name\":\"my-sink\"},\"spec\":{\"definition\":{\"title\":\"Mine\"}}}");
    assertThat(manifests.findings())
        .extracting(Finding::toString)
        .containsExactly(
            "f.yaml:16:19: items[2].spec.output.otlp: 'endpoint' must have 'value' or 'valueFrom' set");
  }

  @Test
  void shouldHandOverTheTextOfAKameletUnchanged() {
    String kamelet =
        """
        # What it does.
        apiVersion: camel.apache.org/v1
        kind: Kamelet
        metadata:
          name: my-sink
        spec:
          template: # kept
            from: {uri: "kamelet:source"}
        """;

    Manifests manifests = ManifestReader.read(kamelet, "my-sink.kamelet.yaml");

    assertThat(manifests.findings()).isEmpty();
    assertThat(manifests.kamelets().getFirst().resource().yaml()).isEqualTo(kamelet);
  }

  @Test
  void shouldReportEveryFindingOfEveryFile() {
    Manifests manifests =
        ManifestReader.readSources(
            List.of(
                new Source("a.yaml", TRACE.formatted("demo").replace("value: http", "valeu: http")),
                new Source(
                    "b.yaml",
                    "kind: TracePipeline\n\tname: x\n---\n" + TRACE.formatted("Bad_Name")),
                new Source("c.yaml", TRACE.formatted("good"))));

    assertThat(manifests.findings())
        .extracting(finding -> finding.location().toString())
        .containsExactly("a.yaml:7:5", "a.yaml:9:9", "b.yaml:2:1", "b.yaml:7:9");
    assertThat(manifests.unreadable()).containsExactly("b.yaml");
    assertThat(manifests.pipelines()).hasSize(1);
  }

  @Test
  void shouldIgnoreOtherKindsAndSaySo() {
    Manifests manifests =
        ManifestReader.read(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n", "f.yaml");

    assertThat(manifests.hasErrors()).isFalse();
    assertThat(manifests.findings())
        .containsExactly(
            new Finding(
                Severity.NOTICE,
                new Location("f.yaml", 1, 1),
                "",
                "Deployment of apps/v1 is not read here: ignored"));
  }

  @Test
  void shouldReadTheManifestsOfAFolderAndNameWhatCannotBeRead(@TempDir Path folder)
      throws IOException {
    Files.writeString(folder.resolve("a.yaml"), TRACE.formatted("a"));
    Files.writeString(folder.resolve("b.yml"), TRACE.formatted("b"));
    Files.writeString(folder.resolve(".hidden.yaml"), "nonsense");
    Files.writeString(folder.resolve("notes.txt"), "nonsense");
    Files.write(folder.resolve("c.json"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});

    Manifests manifests = ManifestReader.read(List.of(folder, folder.resolve("none.yaml")));

    assertThat(manifests.pipelines()).hasSize(2);
    assertThat(manifests.findings())
        .extracting(Finding::toString)
        .containsExactlyInAnyOrder(
            folder.resolve("none.yaml") + ": no such file or folder",
            folder.resolve("c.json") + ": is not text in UTF-8");
    assertThat(manifests.unreadable()).hasSize(2);
  }

  private static Pipeline only(String text) {
    Manifests manifests = ManifestReader.read(text, "f.yaml");
    assertThat(manifests.findings()).isEmpty();
    return manifests.pipelines().getFirst().resource();
  }
}
