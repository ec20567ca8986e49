/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.plan.Plan;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way of the receiver's settings through the shipped route to the OTLP ports. */
class ReceiverSettingsTest {
  @TempDir private Path folder;

  @Test
  void shouldReachThePortsWhateverTheNamesOfTheFiles() throws Exception {
    // given: a path with what means something in a URI
    Path odd = Files.createDirectory(folder.resolve("a b+c%20&d=#e"));
    Path tokens = Files.writeString(odd.resolve("tokens"), "secret\n");
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try (Node node = new Node(settings(tokens), meters)) {
      node.start(Plan.EMPTY);

      // when
      HttpResponse<String> stranger = send(node, "Bearer other");
      HttpResponse<String> known = send(node, "Bearer secret");

      // then: the one was let in, to where no pipeline is
      assertThat(stranger.statusCode()).isEqualTo(401);
      assertThat(stranger.headers().firstValue("Access-Control-Allow-Origin"))
          .contains("https://a.org");
      assertThat(known.statusCode()).isEqualTo(404);
      assertThat(
              meters
                  .get("caravan.receiver.refused.requests")
                  .tags("protocol", "http", "code", "unauthenticated")
                  .counter()
                  .count())
          .isEqualTo(1);
    }
  }

  private static NodeSettings settings(Path tokens) {
    return new NodeSettings(
        Path.of("target/data"),
        "127.0.0.1",
        0,
        0,
        Duration.ofSeconds(5),
        64L << 20,
        16L << 20,
        Duration.ofSeconds(5),
        Map.of(),
        new ReceiverSettings(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(tokens),
            Optional.empty(),
            Duration.ZERO,
            List.of("https://b.org", "https://a.org")),
        AtStop.KEEP);
  }

  private static HttpResponse<String> send(Node node, String authorization) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.httpPort() + "/v1/traces"))
              .header("Content-Type", "application/json")
              .header("Authorization", authorization)
              .header("Origin", "https://a.org")
              .POST(BodyPublishers.ofString("{}"))
              .build(),
          BodyHandlers.ofString());
    }
  }
}
