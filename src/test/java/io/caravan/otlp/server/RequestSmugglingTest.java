/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.otlp.MemoryBudget;
import io.caravan.otlp.Reply;
import java.net.InetAddress;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Requests whose end a proxy before this server may see elsewhere (RFC 9112, section 11.2): refused
 * once, and nothing behind their head is taken for another request.
 */
class RequestSmugglingTest {
  private OtlpServer server;

  @BeforeEach
  void start() throws Exception {
    server =
        OtlpServer.start(
            new ServerSettings("127.0.0.1", -1, 0, 1 << 20),
            new MemoryBudget(1 << 20),
            (batch, _, answer) -> {
              batch.release();
              answer.reply(Reply.Taken.WHOLLY);
            },
            Refusals.UNCOUNTED);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | Content-Length: 4~Transfer-Encoding: chunked",
        "400 | Transfer-Encoding: chunked~Content-Length: 4",
        "400 | Content-Length: 4~Content-Length: 19",
        "400 | Transfer-Encoding : chunked",
        "501 | Transfer-Encoding: xchunked",
        "501 | Transfer-Encoding: identity",
        "501 | Transfer-Encoding: gzip, chunked",
        "501 | Transfer-Encoding: chunked, identity",
        "501 | Transfer-Encoding: chunked~Transfer-Encoding: identity",
      })
  void shouldRefuseWhatEndsInTwoPlacesAndReadNothingBehindIt(int status, String headers)
      throws Exception {
    // given
    String request =
        "POST /v1/logs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + headers.replace("~", "\r\n")
            + "\r\n\r\n13\r\n{\"resourceLogs\":[]}\r\n0\r\n\r\n"
            + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

    // when
    String answers;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.httpPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      answers = new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }

    // then
    assertThat(answers).startsWith("HTTP/1.1 " + status).containsOnlyOnce("content-length: ");
  }
}
