/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Asks the process behind a {@link ControlSocket}. */
public final class ControlClient {
  private static final int ANSWER_BYTES = 64 * 1024 * 1024;

  private ControlClient() {}

  /**
   * The result of a command.
   *
   * @throws IOException if nobody listens there, or the answer is an error, whose sentence is the
   *     message
   */
  public static JsonNode ask(Path socket, String command) throws IOException {
    JsonMapper json = new JsonMapper();
    try (SocketChannel channel = SocketPath.connect(socket)) {
      String request = json.createObjectNode().put("command", command) + "\n";
      Channels.newOutputStream(channel).write(request.getBytes(StandardCharsets.UTF_8));
      JsonNode answer =
          json.readTree(LineReader.read(Channels.newInputStream(channel), ANSWER_BYTES));
      if (!answer.path("ok").asBoolean()) {
        throw new IOException(answer.path("error").asText());
      }
      return answer.path("result");
    }
  }
}
