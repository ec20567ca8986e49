/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.otlp.NoLeaks;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Telemetry of web pages, as a browser would send it. The id is that of the conformance table. */
@ExtendWith(NoLeaks.class)
class CorsTest {
  @TempDir private Path folder;

  private final Receiving receiving = new Receiving();

  @SuppressWarnings("NullAway.Init") // set by start
  private OtlpServer server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private void start(String... origins) throws Exception {
    server =
        TestServer.start(
            new ServerSettings("127.0.0.1", -1, 0, 1 << 20)
                .withCorsAllowedOrigins(List.of(origins)),
            receiving);
  }

  private String send(String method, String origin, String more, String body) throws Exception {
    String head =
        "%s /v1/traces HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: %s\r\n%sContent-Length: %d\r\n\r\n%s"
            .formatted(method, origin, more, body.length(), body);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.httpPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(head.getBytes(UTF_8));
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      socket.getInputStream().transferTo(answer);
      return answer.toString(UTF_8);
    }
  }

  private String preflight(String origin) throws Exception {
    return send(
        "OPTIONS",
        origin,
        "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type,x-tenant\r\n",
        "");
  }

  @Test
  void h22ShouldAnswerThePreflightOfAnAllowedPage() throws Exception {
    start("https://shop.example.com");

    String answer = preflight("https://shop.example.com").toLowerCase(Locale.ROOT);

    assertThat(answer)
        .startsWith("http/1.1 204 ")
        .contains("access-control-allow-origin: https://shop.example.com\r\n")
        .contains("access-control-allow-credentials: true\r\n")
        .contains("access-control-allow-methods: post\r\n")
        .contains(
            "access-control-allow-headers: content-type, content-encoding, authorization, content-type,x-tenant\r\n")
        .contains("access-control-max-age: 7200\r\n")
        .contains("vary: origin\r\n")
        .doesNotContain("content-length");
    assertThat(receiving.received()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "https://*.example.com, https://shop.example.com, true",
    "https://*.example.com, https://a.b.example.com, true",
    "https://*.example.com, https://.example.com, false",
    "https://*.example.com, https://example.com, false",
    "https://*.example.com, http://shop.example.com, false",
    "https://*.example.com, https://shop.example.com.evil.org, false",
    "http://localhost:*, http://localhost:3000, true",
    "https://Shop.example.com, https://shop.EXAMPLE.com, true",
    "*, https://anything.org, true",
    "*, null, true"
  })
  void h22ShouldAllowOrigins(String allowed, String origin, boolean expected) throws Exception {
    start(allowed);

    String answer =
        send("POST", origin, "Content-Type: application/json\r\n", "{}").toLowerCase(Locale.ROOT);

    assertThat(answer).startsWith("http/1.1 200 ").contains("vary: origin\r\n");
    assertThat(answer.contains("access-control-allow-origin: " + origin.toLowerCase(Locale.ROOT)))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"https://a.org, 'post, options'", ", post"})
  void h10ShouldNameTheMethodsThatItAllows(String allowed, String methods) throws Exception {
    start(allowed == null ? new String[0] : new String[] {allowed});

    assertThat(send("GET", "https://a.org", "", "").toLowerCase(Locale.ROOT))
        .startsWith("http/1.1 405 ")
        .contains("allow: " + methods + "\r\n");
  }

  @Test
  void h22ShouldLetThePageReadAnErrorToo() throws Exception {
    start("*");

    assertThat(
            send("POST", "https://a.org", "Content-Type: application/json\r\n", "{")
                .toLowerCase(Locale.ROOT))
        .startsWith("http/1.1 400 ")
        .contains("access-control-allow-origin: https://a.org\r\n");
    assertThat(send("POST", "https://a.org", "Content-Type: text/plain\r\n", "{}"))
        .startsWith("HTTP/1.1 415 ")
        .contains("access-control-allow-origin: https://a.org\r\n");
  }

  @Test
  void h22ShouldAskNoCredentialsOfAPreflight() throws Exception {
    Path tokens = Files.writeString(folder.resolve("tokens"), "token\n");
    server =
        TestServer.start(
            new ServerSettings("127.0.0.1", -1, 0, 1 << 20)
                .withCorsAllowedOrigins(List.of("*"))
                .withCredentials(new CredentialFiles(Optional.of(tokens), Optional.empty())),
            receiving);

    assertThat(preflight("https://a.org")).startsWith("HTTP/1.1 204 ");
    assertThat(send("POST", "https://a.org", "Content-Type: application/json\r\n", "{}"))
        .startsWith("HTTP/1.1 401 ")
        .contains("access-control-allow-origin: https://a.org\r\n")
        .contains("www-authenticate: Bearer realm=\"otlp\"\r\n");
  }

  @Test
  void h22ShouldAllowNoPageUnlessToldTo() throws Exception {
    start();

    assertThat(preflight("https://a.org"))
        .startsWith("HTTP/1.1 405 ")
        .doesNotContain("access-control");
    assertThat(send("POST", "https://a.org", "Content-Type: application/json\r\n", "{}"))
        .startsWith("HTTP/1.1 200 ")
        .doesNotContain("access-control")
        .doesNotContain("vary");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"shop.example.com", "https://", "https://a.org/", "https://*.*.org", "**"})
  void shouldSayThatSomethingIsNoOrigin(String origin) {
    assertThatThrownBy(() -> new Cors(List.of(origin)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(origin);
  }
}
