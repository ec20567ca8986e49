/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.otlp.Outcome;
import io.caravan.otlp.client.Endpoint.Transport;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What is on the wire behind an attempt whose time was up, to a backend that has stopped reading.
 */
class ResetTest {
  private static final int DATA = 0;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int WINDOW_UPDATE = 8;
  private static final int WINDOW = 8 << 20;

  private record Frame(int type, int stream) {}

  @Test
  void shouldSendNothingOfAnAttemptAfterItsReset() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server.setReceiveBufferSize(64 << 10);
      Exporter exporter =
          GrpcExporter.create(
              ExporterSettings.of(
                      Endpoint.grpc("http://127.0.0.1:" + server.getLocalPort(), Transport.TLS))
                  .with(Duration.ofSeconds(1)));
      CompletableFuture<Outcome> outcome = Exports.start(exporter, 60_000);
      try (Socket socket = server.accept()) {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        in.readFully(new byte["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".length()]);

        // given: room for a part of the message, more than the socket takes while nobody reads
        frame(out, SETTINGS, 0, new byte[] {0, 4, 0, (byte) (WINDOW >>> 16), 0, 0});
        windowUpdate(out, 0, 4 * WINDOW);
        assertThat(read(in).type()).isEqualTo(SETTINGS);
        await()
            .atMost(10, TimeUnit.SECONDS)
            .until(
                () -> {
                  windowUpdate(out, 0, 1); // a sign of life, or the connection would be given up
                  return outcome.isDone();
                });
        assertThat(outcome.join()).isInstanceOf(Outcome.RetryLater.class);

        // when: room for the rest comes late
        windowUpdate(out, 3, 4 * WINDOW);

        // then
        List<Frame> rest = new ArrayList<>();
        Frame last = read(in);
        while (last.type() != RST_STREAM) {
          rest.add(last);
          last = read(in);
        }
        assertThat(rest).anyMatch(frame -> frame.type() == DATA && frame.stream() == 3);
        assertThat(last.stream()).isEqualTo(3);
        // given time to send more, had it more to send
        CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS).execute(exporter::close);
        assertThat(remaining(in)).noneMatch(frame -> frame.stream() == 3);
      }
    }
  }

  private static List<Frame> remaining(DataInputStream in) {
    List<Frame> frames = new ArrayList<>();
    try {
      while (true) {
        frames.add(read(in));
      }
    } catch (IOException e) {
      return frames; // the end of the connection
    }
  }

  private static Frame read(DataInputStream in) throws IOException {
    int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
    int type = in.readUnsignedByte();
    in.readUnsignedByte();
    int stream = in.readInt() & Integer.MAX_VALUE;
    in.readFully(new byte[length]);
    return new Frame(type, stream);
  }

  private static void windowUpdate(DataOutputStream out, int stream, int more) throws IOException {
    frame(
        out,
        WINDOW_UPDATE,
        stream,
        new byte[] {(byte) (more >>> 24), (byte) (more >>> 16), (byte) (more >>> 8), (byte) more});
  }

  private static void frame(DataOutputStream out, int type, int stream, byte[] payload)
      throws IOException {
    out.writeByte(0);
    out.writeShort(payload.length);
    out.writeByte(type);
    out.writeByte(0);
    out.writeInt(stream);
    out.write(payload);
    out.flush();
  }
}
