/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks the process behind a {@link ControlSocket}. */
public final class ControlClient {
  private static final int ANSWER_BYTES = 64 * 1024 * 1024;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private ControlClient() {}

  /**
   * The result of a command.
   *
   * @throws ControlRefusedException if the answer is an error, whose sentence is the message
   * @throws IOException if nobody listens there, or nothing comes within 10 s, as from a process
   *     that is stopped or out of memory
   */
  public static JsonNode ask(Path socket, String command) throws IOException {
    return ask(socket, command, PATIENCE);
  }

  /**
   * The result of a command with arguments; see {@link #ask(Path, String)}.
   *
   * @param request the field {@code command}, and the arguments as others
   */
  public static JsonNode ask(Path socket, ObjectNode request) throws IOException {
    return ask(socket, request, PATIENCE);
  }

  static JsonNode ask(Path socket, String command, Duration patience) throws IOException {
    return ask(socket, JsonNodeFactory.instance.objectNode().put("command", command), patience);
  }

  /** On a thread of its own: neither connecting nor reading a unix socket knows a timeout. */
  private static JsonNode ask(Path socket, ObjectNode request, Duration patience)
      throws IOException {
    FutureTask<JsonNode> answer = new FutureTask<>(() -> exchange(socket, request));
    Thread.ofPlatform().daemon().name("control-ask").start(answer);
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("it did not answer within " + patience.toMillis() + " ms", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    } finally {
      answer.cancel(true); // the interrupt closes the channel
    }
  }

  private static JsonNode exchange(Path socket, ObjectNode asked) throws IOException {
    JsonMapper json = new JsonMapper();
    try (SocketChannel channel = SocketPath.connect(socket)) {
      String request = asked + "\n";
      Channels.newOutputStream(channel).write(request.getBytes(StandardCharsets.UTF_8));
      JsonNode answer =
          json.readTree(LineReader.read(Channels.newInputStream(channel), ANSWER_BYTES));
      if (!answer.path("ok").asBoolean()) {
        throw new ControlRefusedException(answer.path("error").asText());
      }
      return answer.path("result");
    }
  }
}
