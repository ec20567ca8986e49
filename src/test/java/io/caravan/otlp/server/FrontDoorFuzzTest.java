/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.MemoryBudget;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Reply;
import io.caravan.otlp.Telemetry;
import io.caravan.otlp.compress.Compression;
import io.caravan.otlp.server.BindFailedException.Protocol;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a connection brings, on either port and cut anywhere: no exception leaves the pipeline,
 * and all memory is given back. The first byte chooses the port, the size of the reads and what
 * becomes of batches; a connection of HTTP/2 begins as one must, which no fuzzer would find.
 */
@SuppressWarnings("FutureReturnValueIgnored") // an embedded channel closes at once
@Isolated("Jazzer is one for all")
class FrontDoorFuzzTest {
  private static final int LIMIT = 1 << 16;
  private static final int[] READS = {1 << 20, 1, 9, 100};
  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  static Stream<byte[]> seeds() throws Http2Exception {
    byte[] spans = Telemetry.spans(1).toByteArray();
    ByteBuf content = Unpooled.directBuffer().writeBytes(spans);
    ByteBuf compressed = Compression.GZIP.compress(content, UnpooledByteBufAllocator.DEFAULT);
    byte[] gzip = ByteBufUtil.getBytes(compressed);
    content.release();
    compressed.release();
    List<byte[]> seeds = new ArrayList<>();
    for (int choice = 0; choice < 24; choice += 5) {
      seeds.add(seed(choice * 2, http("Content-Length: " + spans.length, spans)));
      seeds.add(seed(choice * 2, http("Content-Encoding: gzip\r\nContent-Length: 9999", gzip)));
      seeds.add(
          seed(
              choice * 2,
              http(
                  "Expect: 100-continue\r\nTransfer-Encoding: chunked",
                  "2\r\n{}\r\n0\r\n\r\n".getBytes(US_ASCII))));
      seeds.add(seed(choice * 2 + 1, grpc("identity", 0, spans)));
      seeds.add(seed(choice * 2 + 1, grpc("gzip", 1, gzip)));
    }
    return seeds.stream();
  }

  private static byte[] seed(int choice, byte[] bytes) {
    byte[] seed = new byte[bytes.length + 1];
    seed[0] = (byte) choice;
    System.arraycopy(bytes, 0, seed, 1, bytes.length);
    return seed;
  }

  private static byte[] http(String header, byte[] body) {
    byte[] head =
        ("POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-protobuf\r\n"
                + header
                + "\r\n\r\n")
            .getBytes(US_ASCII);
    byte[] request = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, request, head.length, body.length);
    return request;
  }

  private static byte[] grpc(String encoding, int compressed, byte[] message)
      throws Http2Exception {
    ByteBuf out = Unpooled.buffer();
    frame(out, SETTINGS, 0, 0, Unpooled.EMPTY_BUFFER);
    ByteBuf head = Unpooled.buffer();
    new DefaultHttp2HeadersEncoder()
        .encodeHeaders(
            1,
            new DefaultHttp2Headers()
                .method("POST")
                .scheme("http")
                .path("/opentelemetry.proto.collector.trace.v1.TraceService/Export")
                .authority("a")
                .add("te", "trailers")
                .add("content-type", "application/grpc")
                .add("grpc-encoding", encoding),
            head);
    frame(out, HEADERS, END_HEADERS, 1, head);
    ByteBuf data = Unpooled.buffer().writeByte(compressed).writeInt(message.length);
    frame(out, 0, END_STREAM, 1, data.writeBytes(message));
    return ByteBufUtil.getBytes(out);
  }

  private static void frame(ByteBuf out, int type, int flags, int stream, ByteBuf payload) {
    out.writeMedium(payload.readableBytes()).writeByte(type).writeByte(flags).writeInt(stream);
    out.writeBytes(payload);
  }

  @MethodSource("seeds")
  @FuzzTest
  void shouldGiveEverythingBackAndLetNoExceptionOut(byte[] data) {
    int choice = data.length == 0 ? 0 : data[0] & 0xff;
    UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    MemoryBudget budget = new MemoryBudget(4 * LIMIT);
    Queue<Answer> held = new ArrayDeque<>();
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.config().setAllocator(allocator);
    Protocol protocol = (choice & 1) == 0 ? Protocol.HTTP : Protocol.GRPC;
    channel.pipeline().addLast(new FirstBytes(reception(budget, choice / 8 % 3, held), protocol));
    if (protocol == Protocol.GRPC || choice >= 128) {
      channel.writeInbound(allocator.directBuffer().writeBytes(PREFACE));
    }
    int read = READS[choice / 2 % READS.length];
    for (int at = 1; at < data.length && channel.isOpen(); at += read) {
      int n = Math.min(read, data.length - at);
      channel.writeInbound(allocator.directBuffer(n).writeBytes(data, at, n));
    }
    held.forEach(answer -> answer.reply(Reply.Taken.WHOLLY));
    channel.runPendingTasks();
    // The client goes without a word, in the middle of whatever it was saying.
    ChannelHandlerContext first = channel.pipeline().firstContext();
    if (first != null) {
      first.close();
    }
    channel.finishAndReleaseAll();
    channel.checkException();
    if (budget.used() != 0) {
      throw new AssertionError(budget.used() + " bytes of the budget were not given back");
    }
    if (allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory() != 0) {
      throw new AssertionError("memory was not given back");
    }
  }

  private static Reception reception(MemoryBudget budget, int answer, Queue<Answer> held) {
    BatchHandler handler =
        (batch, _, answers) -> {
          batch.release();
          switch (answer) {
            case 0 -> answers.reply(Reply.Taken.WHOLLY);
            case 1 ->
                answers.reply(
                    new Reply.Declined(
                        new OtlpStatus(GrpcCode.UNAVAILABLE, "later", Duration.ofSeconds(2))));
            default -> held.add(answers);
          }
        };
    return new Reception(
        new ServerSettings("127.0.0.1", 0, 0, LIMIT),
        new Arriving(budget),
        handler,
        Access.open(CredentialFiles.NONE, new ArrayList<>()),
        new Cors(List.of()),
        new PeerLog(),
        Refusals.UNCOUNTED);
  }
}
