/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The unix domain socket through which other commands ask a running process.
 *
 * <p>The protocol: a connection carries one request, one line of JSON of at most 64 KiB, UTF-8,
 * {@code {"command":"status"}}; and one answer, one line of JSON, {@code {"ok":true,"result":...}}
 * or {@code {"ok":false,"error":"a sentence"}}. Whoever may open the socket (mode 0600: the user of
 * the process) may ask; a client that says nothing for 5 s is hung up on.
 */
public final class ControlSocket implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ControlSocket.class);

  static final int LINE_BYTES = 64 * 1024;
  private static final int CLIENTS = 16;

  private final JsonMapper json = new JsonMapper();
  private final Map<String, Callable<JsonNode>> commands;
  private final ServerSocketChannel server;
  private final Path path;
  private final Semaphore clients = new Semaphore(CLIENTS);
  private final long idleMillis;
  private final ScheduledExecutorService hangUp =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("control-hang-up").factory());

  private ControlSocket(
      ServerSocketChannel server,
      Path path,
      Map<String, Callable<JsonNode>> commands,
      long idleMillis) {
    this.server = server;
    this.path = path;
    this.commands = Map.copyOf(commands);
    this.idleMillis = idleMillis;
  }

  /**
   * Listens at {@code path} from now on; what lies there from an earlier process is replaced. The
   * caller owns the folder, by a lock.
   *
   * @param commands by name; an exception's message goes to the client
   */
  public static ControlSocket open(Path path, Map<String, Callable<JsonNode>> commands)
      throws IOException {
    return open(path, commands, 5_000);
  }

  static ControlSocket open(Path path, Map<String, Callable<JsonNode>> commands, long idleMillis)
      throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      SocketPath.bind(server, path);
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
    ControlSocket socket = new ControlSocket(server, path, commands, idleMillis);
    Thread.ofPlatform().daemon().name("control-socket").start(socket::accept);
    return socket;
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        SocketChannel client = server.accept();
        if (!clients.tryAcquire()) {
          client.close();
          continue;
        }
        Thread.ofVirtual().name("control-client").start(() -> serve(client));
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        log.atWarn().addKeyValue("socket", path).setCause(e).log("Control socket failed");
        return;
      }
    }
  }

  private void serve(SocketChannel client) {
    var end = hangUp.schedule(() -> closeQuietly(client), idleMillis, TimeUnit.MILLISECONDS);
    try (client) {
      byte[] line = LineReader.read(Channels.newInputStream(client), LINE_BYTES);
      end.cancel(false);
      String answer = json.writeValueAsString(answer(line)) + "\n";
      Channels.newOutputStream(client).write(answer.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      log.atDebug().setCause(e).log("A client of the control socket left");
    } finally {
      end.cancel(false);
      clients.release();
    }
  }

  private ObjectNode answer(byte[] line) {
    ObjectNode answer = json.createObjectNode();
    try {
      String command = json.readTree(line).path("command").asText();
      Callable<JsonNode> asked = commands.get(command);
      if (asked == null) {
        return refuse(answer, "unknown command '" + command + "'; known: " + names());
      }
      JsonNode result = asked.call();
      return answer.put("ok", true).set("result", result);
    } catch (IOException e) {
      return refuse(answer, "not a line of JSON like {\"command\":\"status\"}");
    } catch (Exception e) {
      log.atWarn().setCause(e).log("A command of the control socket failed");
      return refuse(answer, String.valueOf(e.getMessage()));
    }
  }

  private String names() {
    return String.join(", ", new TreeSet<>(commands.keySet()));
  }

  private static ObjectNode refuse(ObjectNode answer, String error) {
    return answer.put("ok", false).put("error", error);
  }

  private static void closeQuietly(SocketChannel client) {
    try {
      client.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // into the executor's future, which nobody reads
    }
  }

  @Override
  public void close() throws IOException {
    hangUp.shutdownNow();
    server.close();
    Files.deleteIfExists(path);
  }
}
