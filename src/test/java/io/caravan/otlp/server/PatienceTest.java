/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.caravan.otlp.NoLeaks;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** Clients that send too much, read too little, or do nothing at all. */
@Tag("slow")
@ExtendWith(NoLeaks.class)
@Isolated("it counts open files and memory")
class PatienceTest {
  private static final String HEAD =
      "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n";

  private final Receiving receiving = new Receiving();
  private OtlpServer server;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.start(new ServerSettings("127.0.0.1", 0, 0, 64 << 20), receiving);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.httpPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static String readAll(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), UTF_8);
  }

  @Test
  void h14ShouldRefuseABodyByItsAnnouncedLengthAlone() throws Exception {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(HEAD.formatted(70L << 20, "").getBytes(UTF_8));

      assertThat(readAll(socket)).startsWith("HTTP/1.1 413 ").contains("67108864 bytes");
    }
  }

  @Test
  void h14ShouldLetASenderOfSeventyMebibytesReadItsAnswer() throws Exception {
    try (Socket socket = connect()) {
      OutputStream out = socket.getOutputStream();
      out.write(HEAD.formatted(70L << 20, "").getBytes(UTF_8));
      byte[] part = new byte[1 << 20];
      for (int i = 0; i < 70; i++) {
        out.write(part); // fails where the server has reset the connection
      }

      assertThat(readAll(socket)).startsWith("HTTP/1.1 413 ");
    }
  }

  @Test
  void h17ShouldNotAskForABodyThatIsTooLarge() throws Exception {
    try (Socket socket = connect()) {
      socket
          .getOutputStream()
          .write(HEAD.formatted(70L << 20, "Expect: 100-continue\r\n").getBytes(UTF_8));

      assertThat(readAll(socket)).startsWith("HTTP/1.1 413 ");
    }
  }

  @Test
  void h17ShouldContinue() throws Exception {
    try (Socket socket = connect()) {
      socket
          .getOutputStream()
          .write(
              HEAD.formatted(2, "Expect: 100-continue\r\nConnection: close\r\n").getBytes(UTF_8));
      byte[] first = socket.getInputStream().readNBytes(25);
      socket.getOutputStream().write("{}".getBytes(UTF_8));

      assertThat(new String(first, UTF_8)).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      assertThat(readAll(socket)).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void shouldNotReadWhoDoesNotReadItsAnswers() throws Exception {
    byte[] request = (HEAD.formatted(2, "") + "{}").getBytes(UTF_8);
    AtomicBoolean closing = new AtomicBoolean();
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(4 << 10);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.httpPort()));
      CompletableFuture<Void> writing =
          CompletableFuture.runAsync(
              () -> {
                try {
                  while (true) {
                    socket.getOutputStream().write(request);
                  }
                } catch (IOException e) {
                  assertThat(closing).isTrue();
                }
              });

      // then: it comes to rest, with answers that nobody reads, while the others are served
      await()
          .pollDelay(Duration.ofMillis(500))
          .pollInterval(Duration.ofMillis(500))
          .atMost(Duration.ofSeconds(20))
          .until(new Rest(receiving)::reached);
      try (Socket other = connect()) {
        other
            .getOutputStream()
            .write((HEAD.formatted(2, "Connection: close\r\n") + "{}").getBytes(UTF_8));
        assertThat(readAll(other)).startsWith("HTTP/1.1 200 ");
      }
      assertThat(writing).isNotDone();
      closing.set(true);
    }
  }

  /** Whether nothing more is received than at the last look. */
  private static final class Rest {
    private final Receiving receiving;
    private int before = -1;

    Rest(Receiving receiving) {
      this.receiving = receiving;
    }

    boolean reached() {
      int now = receiving.received().size();
      boolean same = now == before;
      before = now;
      return same;
    }
  }

  @Test
  void shouldBearTenThousandIdleConnections() throws Exception {
    int count = 10_000;
    var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long free = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount();
    assumeTrue(free > count + 500, "10,000 connections need more descriptors: raise ulimit -n");
    long before = usedMemory();
    try (IdleConnections idle = IdleConnections.open(server.httpPort(), count)) {
      assertThat(idle).isNotNull();
      long each = (usedMemory() - before) / count;

      assertThat(receiving.received()).hasSize(count);
      assertThat(each).as("bytes for each").isLessThan(16 << 10);
      try (Socket busy = connect()) {
        busy.getOutputStream()
            .write((HEAD.formatted(2, "Connection: close\r\n") + "{}").getBytes(UTF_8));
        assertThat(readAll(busy)).startsWith("HTTP/1.1 200 ");
      }
    }
  }

  private static long usedMemory() {
    System.gc();
    var memory = ManagementFactory.getMemoryMXBean();
    return memory.getHeapMemoryUsage().getUsed()
        + PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
  }
}
