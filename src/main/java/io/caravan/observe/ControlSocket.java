/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The unix domain socket through which other commands ask a running process.
 *
 * <p>The protocol: a connection carries one request, one line of JSON of at most 64 KiB, UTF-8,
 * {@code {"command":"status"}} and the command's arguments; and one answer, one line of JSON,
 * {@code {"ok":true,"result":...}} or {@code {"ok":false,"error":"a sentence"}}. Whoever may open
 * the socket (mode 0600: the user of the process) may ask, 16 at once. A client that takes more
 * than 5 s for its line, or 5 s to take its answer, is hung up on.
 *
 * <p>Clients are served by a few platform threads: an operator asks when something is stuck, and
 * that may be what virtual threads run on.
 */
public final class ControlSocket implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ControlSocket.class);

  static final int LINE_BYTES = 64 * 1024;
  static final int CLIENTS = 16;
  private static final String NO_REQUEST = "not a line of JSON like {\"command\":\"status\"}";

  private final ControlRequests requests;
  private final ServerSocketChannel server;
  private final Path path;
  private final long idleMillis;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService serving =
      new ThreadPoolExecutor(
          0,
          CLIENTS,
          10,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Thread.ofPlatform().daemon().name("control-client-", 0).factory());
  private final ScheduledExecutorService hangUp =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("control-hang-up").factory());

  private ControlSocket(
      ServerSocketChannel server,
      Path path,
      Map<String, ControlCommand> commands,
      long idleMillis) {
    this.server = server;
    this.path = path;
    this.requests = new ControlRequests(commands);
    this.idleMillis = idleMillis;
  }

  /**
   * Listens at {@code path} from now on; what lies there from an earlier process is replaced. The
   * caller owns the folder, by a lock.
   *
   * @param commands by name; an exception's message goes to the client
   */
  public static ControlSocket open(Path path, Map<String, ControlCommand> commands)
      throws IOException {
    return open(path, commands, 5_000);
  }

  static ControlSocket open(Path path, Map<String, ControlCommand> commands, long idleMillis)
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
        take(server.accept());
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        // Such as no file descriptor left: that passes, and then the operator wants an answer.
        log.atWarn().addKeyValue("socket", path).setCause(e).log("Control socket failed");
        if (closedWithinASecond()) {
          return;
        }
      }
    }
  }

  private boolean closedWithinASecond() {
    try {
      return closed.await(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private void take(SocketChannel client) {
    try {
      serving.execute(() -> serve(client));
    } catch (RejectedExecutionException e) {
      try (client) {
        // Does not block: a new connection has room for a line.
        write(
            client,
            requests.bytes(
                requests.refusal("%d clients are being answered; ask again".formatted(CLIENTS))));
      } catch (IOException left) {
        log.atDebug().setCause(left).log("A client of the control socket left");
      }
    }
  }

  private void serve(SocketChannel client) {
    try (client) {
      byte[] answer = requests.bytes(answer(client));
      Future<?> end = hangUpOn(client);
      write(client, answer);
      end.cancel(false);
    } catch (IOException | RejectedExecutionException e) { // the latter at close
      log.atDebug().setCause(e).log("A client of the control socket left");
    }
  }

  private ObjectNode answer(SocketChannel client) throws IOException {
    Future<?> end = hangUpOn(client);
    byte[] line;
    try {
      line = LineReader.read(Channels.newInputStream(client), LINE_BYTES);
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException e) {
      return requests.refusal(String.valueOf(e.getMessage()));
    } finally {
      end.cancel(false); // a command takes the time that it needs
    }
    return answer(line);
  }

  private Future<?> hangUpOn(SocketChannel client) {
    return hangUp.schedule(
        () -> {
          client.close();
          return null;
        },
        idleMillis,
        TimeUnit.MILLISECONDS);
  }

  private ObjectNode answer(byte[] line) {
    JsonNode request;
    try {
      request = requests.read(line);
    } catch (IOException e) {
      return requests.refusal(NO_REQUEST);
    }
    JsonNode command = request.path("command");
    return command.isTextual()
        ? requests.answer(command.asText(), request)
        : requests.refusal(NO_REQUEST);
  }

  private static void write(SocketChannel client, byte[] line) throws IOException {
    Channels.newOutputStream(client).write(line);
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    server.close();
    serving.shutdownNow();
    hangUp.shutdownNow();
    Files.deleteIfExists(path);
  }
}
