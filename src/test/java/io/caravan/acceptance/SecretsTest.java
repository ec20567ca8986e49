/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.fixture.CaravanProcess;
import io.caravan.acceptance.fixture.FreePort;
import io.caravan.acceptance.fixture.OtlpMethod;
import io.caravan.acceptance.fixture.RawReceiver;
import io.caravan.acceptance.fixture.RawSender;
import io.grpc.Status;
import java.io.IOException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What stands in a Secret is seen by the backend and by nobody else. */
class SecretsTest {
  private static final String MARKER = "mArKeR";

  /** The marker itself, and what base64 of a text with it looks like at each of three offsets. */
  private static final Pattern SEEN = Pattern.compile("mArKeR|bUFyS2VS|1BcktlU|tQXJLZV");

  @RegisterExtension static final CaravanProcess CARAVAN = new CaravanProcess();

  @Test
  void shouldShowNoSecretInTheLogAtTraceTheMetricsOrTheRenderedRoutes() throws IOException {
    CARAVAN.write("secret.yaml", SECRET);
    try (RawReceiver backend = new RawReceiver()) {
      CARAVAN.write("grpc.yaml", traces("grpc", "grpc", backend.endpoint()));
      CARAVAN.write("http.yaml", traces("http", "http", backend.endpoint()));
      CARAVAN.write("dead.yaml", traces("dead", "grpc", "http://127.0.0.1:" + FreePort.find()));
      CARAVAN.write("broken.yaml", traces("broken", "http", "http://127.0.0.1:" + FreePort.find()));
      CARAVAN.start("--log-level", "trace");

      try (RawSender sender = new RawSender(CARAVAN.grpcPort())) {
        Status status =
            sender.send(OtlpMethod.TRACES, NumberedRequests.request(OtlpMethod.TRACES, 1)).join();
        assertThat(status.isOk()).as(status.toString()).isTrue();
      }
      String rendered = CaravanProcess.command("render", CARAVAN.manifests().toString()).text();

      assertThat(rendered).contains("dead");
      assertThat(CARAVAN.process().text()).contains("TRACE");
      assertThat(SEEN.matcher(CARAVAN.process().text()).results().count()).isZero();
      assertThat(SEEN.matcher(CARAVAN.metrics()).results().count()).isZero();
      assertThat(SEEN.matcher(rendered).results().count()).isZero();
    }
  }

  private static final String SECRET =
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: backend, namespace: default}
      stringData:
        user: user-%1$s
        password: password-%1$s
        token: token-%1$s
      """
          .formatted(MARKER);

  private static String traces(String name, String protocol, String endpoint) {
    return Manifests.pipeline(
        "TracePipeline",
        name,
        """
        otlp:
          protocol: %s
          endpoint: {value: '%s'}
          tls: {insecure: true}
          authentication:
            basic:
              user: {valueFrom: {secretKeyRef: {name: backend, namespace: default, key: user}}}
              password:
                valueFrom: {secretKeyRef: {name: backend, namespace: default, key: password}}
          headers:
            - name: X-Token
              valueFrom: {secretKeyRef: {name: backend, namespace: default, key: token}}
        """
            .formatted(protocol, endpoint));
  }
}
