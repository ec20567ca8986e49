/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The process that sends OTLP. Its arguments are the workload, connections, and requests that may
 * be in flight on each of them; over HTTP/1.1, each of those is a connection of its own.
 *
 * <p>It obeys commands on standard input, one a line, each with one line of answer: {@code connect
 * PORT}, {@code saturate N} (N requests in flight for each connection), {@code rate RECORDS} (a
 * second, evenly spaced; what finds no free request is late), {@code offer RECORDS} (the same, but
 * is not sent at all), {@code stop} (answers when nothing is in flight), {@code report}, {@code
 * take} (the report, and counts from 0), {@code clear}, {@code disconnect}.
 */
final class Generator {

  private final EpollEventLoopGroup loops = new EpollEventLoopGroup(1);
  private final Workload workload;
  private final int connections;
  private final int perConnection;
  private final List<Body> bodies = new ArrayList<>();
  private final Load load;
  private final List<Channel> channels = new ArrayList<>();

  private Generator(Workload workload, int connections, int perConnection) throws IOException {
    this.workload = workload;
    this.connections = connections;
    this.perConnection = perConnection;
    this.load = new Load(loops.next(), workload.records());
    for (byte[] content : SampleBodies.of(workload.signal(), workload.records())) {
      bodies.add(new Body(workload.encoding().encode(content), content.length));
    }
  }

  private String answer(String command) throws Exception {
    String[] words = command.split(" ", 2);
    @Nullable String argument = words.length > 1 ? words[1] : null;
    return switch (words[0]) {
      case "connect" -> connect(number(argument));
      case "saturate" -> load.call(() -> load.saturate(number(argument) * connections));
      case "rate" -> load.call(() -> load.rate(number(argument)));
      case "offer" -> load.call(() -> load.offer(number(argument)));
      case "stop" -> load.stop();
      case "report" -> load.call(() -> load.report().toString());
      case "take" -> load.call(() -> load.take().toString());
      case "clear" -> load.call(load::clear);
      case "disconnect" -> disconnect();
      default -> throw new IllegalArgumentException("unknown command " + command);
    };
  }

  private static int number(@Nullable String argument) {
    if (argument == null) {
      throw new IllegalArgumentException("the command needs a number");
    }
    return Integer.parseInt(argument);
  }

  private String connect(int port) throws Exception {
    List<Request> requests =
        switch (workload.transport()) {
          case GRPC -> grpc(port);
          case HTTP -> http(port);
        };
    return load.call(() -> load.use(requests));
  }

  private List<Request> grpc(int port) throws InterruptedException {
    List<GrpcGeneratorConnection> opened = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      GrpcGeneratorConnection connection =
          new GrpcGeneratorConnection(
              "127.0.0.1:" + port, workload.signal(), workload.encoding(), load::answered);
      open(port, connection);
      opened.add(connection);
    }
    Http2Request.Prefix prefix =
        workload.encoding() == BodyEncoding.NONE
            ? Http2Request.Prefix.PLAIN
            : Http2Request.Prefix.COMPRESSED;
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < perConnection; i++) {
      Body body = bodies.get(i % bodies.size());
      opened.forEach(connection -> requests.add(new Http2Request(connection, body, prefix)));
    }
    return requests;
  }

  private List<Request> http(int port) throws InterruptedException {
    List<ByteBuf> ready = new ArrayList<>();
    for (Body body : bodies) {
      ready.add(
          HttpGeneratorConnection.bytes(
              "127.0.0.1:" + port,
              workload.signal().httpPath(),
              workload.encoding(),
              body.bytes()));
    }
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < connections * perConnection; i++) {
      HttpGeneratorConnection connection = new HttpGeneratorConnection(load::answered);
      open(port, connection);
      int body = i % bodies.size();
      requests.add(
          new HttpRequest(
              connection, ready.get(body).retainedDuplicate(), bodies.get(body).contentBytes()));
    }
    ready.forEach(ByteBuf::release);
    return requests;
  }

  private void open(int port, ChannelHandler connection) throws InterruptedException {
    channels.add(
        new Bootstrap()
            .group(loops)
            .channel(EpollSocketChannel.class)
            .option(ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(16 << 10))
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(connection)
            .connect("127.0.0.1", port)
            .sync()
            .channel());
  }

  private String disconnect() throws Exception {
    for (Channel channel : channels) {
      channel.close().sync();
    }
    channels.clear();
    return load.call(() -> load.use(List.of()));
  }

  public static void main(String[] args) throws Exception {
    Generator generator =
        new Generator(
            Workload.parse(args[0]).getFirst(),
            Integer.parseInt(args[1]),
            Integer.parseInt(args[2]));
    Commands.serve(generator::answer);
    generator.loops.shutdownGracefully().sync();
  }
}
