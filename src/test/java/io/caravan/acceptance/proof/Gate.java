/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import io.caravan.acceptance.fixture.FreePort;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A TCP relay with a port of its own, in front of a server of this process: what a network and a
 * dead machine do to connections, it does. Thread-safe.
 */
final class Gate implements AutoCloseable {

  /** What becomes of connections. */
  enum State {
    /** They are relayed. */
    OPEN,
    /** There are none: who comes is refused. */
    SHUT,
    /**
     * They stay, and no byte goes through any more; who comes is accepted and not heard. When it is
     * over they are reset, so that nothing arrives that was given up meanwhile.
     */
    SILENT,
    /** They are reset, and who comes is accepted and then reset. */
    RESETTING
  }

  private final int port = FreePort.find();
  private final int server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final LongAdder accepted = new LongAdder();
  private State state = State.SHUT;
  private @Nullable ServerSocket listener;

  /** A gate before that port of this machine, open. */
  Gate(int server) {
    this.server = server;
    become(State.OPEN);
  }

  int port() {
    return port;
  }

  /** How many connections there have been. */
  long accepted() {
    return accepted.sum();
  }

  /** Changes what becomes of connections, those that there are included. */
  synchronized void become(State next) {
    state = next;
    notifyAll();
    try {
      if (next == State.SHUT) {
        stopListening();
      } else if (listener == null) {
        listen();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (next == State.SHUT || next == State.RESETTING) {
      sockets.forEach(Gate::reset);
    }
  }

  private void listen() throws IOException {
    ServerSocket opened = new ServerSocket();
    opened.setReuseAddress(true);
    opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 256);
    listener = opened;
    Thread.ofVirtual().start(() -> accept(opened));
  }

  private void stopListening() throws IOException {
    if (listener != null) {
      listener.close();
      listener = null;
    }
  }

  private void accept(ServerSocket opened) {
    while (!opened.isClosed()) {
      try {
        Socket client = opened.accept();
        accepted.increment();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        // Shut, or a connection that was gone before it was accepted.
      }
    }
  }

  private void serve(Socket client) {
    sockets.add(client);
    try (client;
        Socket backend = new Socket()) {
      if (!passable()) {
        reset(client);
        return;
      }
      backend.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server));
      sockets.add(backend);
      Thread back = Thread.ofVirtual().start(() -> relay(backend, client));
      relay(client, backend);
      back.join();
      sockets.remove(backend);
    } catch (IOException e) {
      reset(client);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.remove(client);
    }
  }

  /** Copies until one side ends, and then ends the other the same way. */
  private void relay(Socket from, Socket to) {
    byte[] bytes = new byte[64 << 10];
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
        if (!passable()) {
          reset(from);
          reset(to);
          return;
        }
        out.write(bytes, 0, read);
      }
    } catch (IOException e) {
      reset(from);
      reset(to);
    }
  }

  /** Waits while all is silent; whether bytes may pass. */
  private synchronized boolean passable() {
    boolean held = false;
    while (state == State.SILENT) {
      held = true;
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return state == State.OPEN && !held;
  }

  private static void reset(Socket socket) {
    try (socket) {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // It is closed already, which is what was wanted.
      return;
    }
  }

  @Override
  public void close() {
    become(State.SHUT);
  }
}
