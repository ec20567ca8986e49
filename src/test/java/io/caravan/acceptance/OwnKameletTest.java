/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.caravan.acceptance.fixture.CaravanProcess;
import io.caravan.acceptance.fixture.Programs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A connector of the user's own, the README's: one YAML file, no Java and no rebuild. */
class OwnKameletTest {

  private record Received(String token, String body) {}

  @RegisterExtension static final CaravanProcess CARAVAN = new CaravanProcess();

  @Test
  void shouldDeliverThroughAKameletThatWasDroppedIntoTheFolder() throws IOException {
    List<Received> received = new CopyOnWriteArrayList<>();
    HttpServer backend =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    backend.createContext(
        "/hooks",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          received.add(
              new Received(
                  exchange.getRequestHeaders().getFirst("Authorization"),
                  new String(body, StandardCharsets.UTF_8)));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    backend.start();
    try {
      Path kamelets = CARAVAN.folder("kamelets");
      Files.writeString(kamelets.resolve("chat-sink.kamelet.yaml"), readme("kind: Kamelet"));
      CARAVAN.write("logs.yaml", pipeline(backend.getAddress().getPort()));
      CARAVAN.write("secret.yaml", SECRET);
      CARAVAN.start("--kamelets", kamelets.toString());

      JavaSdk.emitLogs("chat", 3, Exporters.GRPC.logs(CARAVAN.grpc(), "gzip"));

      Awaitility.await().untilAsserted(() -> assertThat(received).isNotEmpty());
      assertThat(received.getFirst().token()).isEqualTo("Bearer open sesame");
      assertThat(received.toString()).contains("order 0").contains("order 2");
    } finally {
      backend.stop(0);
    }
  }

  private static final String SECRET =
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: chat, namespace: default}
      stringData: {token: open sesame}
      """;

  private static String pipeline(int port) throws IOException {
    String spec = readme("name: chat-sink\n      properties:");
    return "apiVersion: telemetry.kyma-project.io/v1beta1\nkind: LogPipeline\nmetadata: {name: chat}\n"
        + spec.replace(
            "https://chat.example.com/hooks/ops", "http://127.0.0.1:%d/hooks".formatted(port));
  }

  /** The README's YAML block that holds this. */
  private static String readme(String text) throws IOException {
    return Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(Programs.home().resolve("README.md")))
        .results()
        .map(block -> block.group(1))
        .filter(block -> block.contains(text))
        .findFirst()
        .orElseThrow();
  }
}
