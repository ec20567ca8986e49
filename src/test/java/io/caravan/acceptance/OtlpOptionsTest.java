/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.fixture.CaravanProcess;
import io.caravan.acceptance.fixture.ServerProcess;
import io.caravan.acceptance.fixture.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code caravan run} says of files for its OTLP ports that it cannot use. */
class OtlpOptionsTest {
  private final CaravanProcess caravan = new CaravanProcess();
  private final Path folder = caravan.folder("files");
  private final TlsFiles tls = new TlsFiles(caravan.folder("tls"));

  @BeforeEach
  void writePipeline() {
    caravan.write(
        "traces.yaml",
        Manifests.pipeline(
            "TracePipeline", "traces", Manifests.otlp("grpc", "none", "http://127.0.0.1:1")));
  }

  private void assertEndsWith(int code, String message, String... options) {
    try (ServerProcess process = caravan.launch(options)) {
      assertThat(process.awaitExit(Duration.ofSeconds(60))).as(process.text()).isEqualTo(code);

      List<String> output = process.output();
      assertThat(output).as("one line").hasSize(1);
      assertThat(output.getFirst()).endsWith(message);
    }
  }

  @Test
  void shouldNameTheFlagAndTheFileThatIsMissing() {
    Path missing = folder.resolve("tls.crt");

    assertEndsWith(
        1,
        "--otlp-tls-cert: " + missing + ": there is no such file",
        "--otlp-tls-cert",
        missing.toString(),
        "--otlp-tls-key",
        tls.receiverKey().toString());
  }

  @Test
  void shouldNameTheFlagAndTheKeyThatIsNotThatOfTheCertificate() {
    assertEndsWith(
        1,
        "--otlp-tls-key: " + tls.senderKey() + ": the key is not that of the certificate",
        "--otlp-tls-cert",
        tls.receiverCertificate().toString(),
        "--otlp-tls-key",
        tls.senderKey().toString());
  }

  @Test
  void shouldNameTheFlagAndTheDirectory() {
    assertEndsWith(
        1,
        "--otlp-bearer-tokens: " + folder + ": this is not a regular file",
        "--otlp-bearer-tokens",
        folder.toString());
  }

  @Test
  void shouldNameTheFlagAndTheFileThatIsNoPem() throws IOException {
    Path nonsense = Files.writeString(folder.resolve("ca.crt"), "nonsense");

    assertEndsWith(
        1,
        "--otlp-tls-client-ca: " + nonsense + ": there is no PEM certificate (BEGIN CERTIFICATE)",
        "--otlp-tls-cert",
        tls.receiverCertificate().toString(),
        "--otlp-tls-key",
        tls.receiverKey().toString(),
        "--otlp-tls-client-ca",
        nonsense.toString());
  }

  @Test
  void shouldNameTheFlagTheFileAndTheLineThatIsNoUser() throws IOException {
    Path users = Files.writeString(folder.resolve("users"), "shop:open sesame\nnonsense\n");

    assertEndsWith(
        1,
        "--otlp-basic-auth: " + users + ": line 2 is not user:password",
        "--otlp-basic-auth",
        users.toString());
  }

  @Test
  void shouldCallACertificateWithoutAKeyWrongUsage() {
    assertEndsWith(
        2,
        "--otlp-tls-cert and --otlp-tls-key are given together, or neither is",
        "--otlp-tls-cert",
        tls.receiverCertificate().toString());
  }

  @Test
  void shouldCallAnOriginWithAPathWrongUsage() {
    assertEndsWith(
        2,
        "without a path and with at most one *, or * alone",
        "--otlp-cors-origins",
        "https://shop.example.com/cart");
  }
}
