/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.caravan.acceptance.fixture.CaravanProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A connector of the user's own: one YAML file, no Java and no rebuild. */
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
                  exchange.getRequestHeaders().getFirst("X-Token"),
                  new String(body, StandardCharsets.UTF_8)));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    backend.start();
    try {
      Path kamelets = CARAVAN.folder("kamelets");
      Files.writeString(kamelets.resolve("chat-sink.kamelet.yaml"), KAMELET);
      CARAVAN.write("logs.yaml", pipeline(backend.getAddress().getPort()));
      CARAVAN.start("--kamelets", kamelets.toString());

      JavaSdk.emitLogs("chat", 3, Exporters.GRPC.logs(CARAVAN.grpc(), "gzip"));

      assertThat(received).isNotEmpty();
      assertThat(received.getFirst().token()).isEqualTo("open sesame");
      assertThat(received.toString()).contains("order 0").contains("order 2");
    } finally {
      backend.stop(0);
    }
  }

  private static final String KAMELET =
      """
      apiVersion: camel.apache.org/v1
      kind: Kamelet
      metadata:
        name: chat-sink
      spec:
        definition:
          title: Chat
          required: [url, token]
          properties:
            url: {title: URL, type: string}
            token: {title: Token, type: string}
        template:
          from:
            uri: kamelet:source
            steps:
              - setHeader:
                  name: X-Token
                  constant: "{{token}}"
              - setHeader:
                  name: CamelHttpMethod
                  constant: POST
              - to: "{{url}}"
      """;

  private static String pipeline(int port) {
    return Manifests.pipeline(
        "LogPipeline",
        "chat",
        """
        kamelet:
          name: chat-sink
          properties:
            url: http://127.0.0.1:%d/hooks
            token: open sesame
        """
            .formatted(port));
  }
}
