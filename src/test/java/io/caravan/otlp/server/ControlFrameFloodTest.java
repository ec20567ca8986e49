/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.otlp.MemoryBudget;
import io.caravan.otlp.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of HTTP/2 that ask for more answers to control frames than they read. */
@Isolated("it floods the processor")
@Tag("slow")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ControlFrameFloodTest {
  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);
  private static final byte SETTINGS = 4;
  private static final byte PING = 6;

  /** More than the buffers of both sockets hold. */
  private static final int TOO_MANY_BYTES = 256 << 20;

  private OtlpServer server;

  @BeforeEach
  void start() throws Exception {
    server =
        OtlpServer.start(
            new ServerSettings("127.0.0.1", 0, -1, 1 << 20),
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
  @ValueSource(bytes = {SETTINGS, PING})
  void shouldCutOrNotReadWhoDoesNotReadTheAnswersToItsControlFrames(byte type) throws Exception {
    try (SocketChannel attacker = SocketChannel.open();
        Socket other = connect()) {
      // Few answers fit on their way to it.
      attacker.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
      attacker.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.grpcPort()));
      attacker.configureBlocking(false);
      ByteBuffer frames = ByteBuffer.wrap(frames(type, 10_000));
      attacker.write(ByteBuffer.wrap(PREFACE));
      attacker.write(ByteBuffer.wrap(frames(SETTINGS, 1)));

      assertThat(taken(attacker, frames)).isLessThan(TOO_MANY_BYTES);
      other.getOutputStream().write(frames(PING, 1));
      other.setSoTimeout(10_000);
      assertThat(other.getInputStream().readNBytes(9)).hasSize(9);
    }
  }

  /**
   * The bytes that the server takes until it cuts the connection, or does not read for a second.
   */
  private static long taken(SocketChannel attacker, ByteBuffer frames) {
    long bytes = 0;
    long last = System.nanoTime();
    try {
      while (bytes < TOO_MANY_BYTES && System.nanoTime() - last < 1_000_000_000L) {
        if (!frames.hasRemaining()) {
          frames.rewind();
        }
        int more = attacker.write(frames);
        if (more > 0) {
          bytes += more;
          last = System.nanoTime();
        }
      }
    } catch (IOException e) {
      return bytes; // cut
    }
    return bytes;
  }

  @Test
  void shouldAnswerAllPingsOfWhoReadsTheAnswers() throws Exception {
    try (Socket socket = connect()) {
      byte[] frames = frames(PING, 100);
      int answered = 0;
      for (int i = 0; i < 100; i++) {
        socket.getOutputStream().write(frames);
        while (answered < 100 * (i + 1)) {
          byte[] head = socket.getInputStream().readNBytes(9);
          assertThat(head).as("the head of a frame").hasSize(9);
          socket.getInputStream().skipNBytes(ByteBuffer.wrap(head).getInt() >>> 8);
          answered += head[3] == PING ? 1 : 0;
        }
      }
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.grpcPort());
    socket.getOutputStream().write(PREFACE);
    socket.getOutputStream().write(frames(SETTINGS, 1));
    return socket;
  }

  private static byte[] frames(byte type, int count) {
    int length = type == PING ? 8 : 0;
    ByteBuffer frames = ByteBuffer.allocate(count * (9 + length));
    for (int i = 0; i < count; i++) {
      frames.putInt(length << 8 | type).put((byte) 0).putInt(0).put(new byte[length]);
    }
    return frames.array();
  }
}
