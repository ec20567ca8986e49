/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The process that sends OTLP/gRPC. Its arguments are spans a batch, bytes a span, connections.
 *
 * <p>It obeys commands on standard input, one a line, each with one line of answer: {@code connect
 * PORT}, {@code saturate N} (N requests in flight on each connection), {@code rate SPANS} (a
 * second, evenly spaced, open loop), {@code stop} (answers when nothing is in flight), {@code
 * report}, {@code clear}, {@code disconnect}.
 */
final class Generator {

  /** Requests that may be in flight on a connection when the rate is fixed. */
  private static final int MOST_IN_FLIGHT = 32;

  private final EpollEventLoopGroup loops = new EpollEventLoopGroup(1);
  private final int connections;
  private final List<byte[]> messages = new ArrayList<>();
  private final Load load;
  private final List<Channel> channels = new ArrayList<>();

  private Generator(Workload workload, int connections) {
    this.connections = connections;
    this.load = new Load(loops.next(), workload.spansPerBatch());
    SampleTraces traces = new SampleTraces(workload, 42);
    for (int i = 0; i < MOST_IN_FLIGHT; i++) {
      messages.add(traces.next());
    }
  }

  private String answer(String command) throws Exception {
    String[] words = command.split(" ", 2);
    @Nullable String argument = words.length > 1 ? words[1] : null;
    return switch (words[0]) {
      case "connect" -> connect(number(argument));
      case "saturate" -> load.call(() -> load.saturate(number(argument)));
      case "rate" -> load.call(() -> load.rate(number(argument)));
      case "stop" -> load.stop();
      case "report" -> load.call(load::report);
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
    List<GeneratorConnection> opened = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      GeneratorConnection connection = new GeneratorConnection("127.0.0.1:" + port, load::answered);
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
      opened.add(connection);
    }
    List<Request> requests = new ArrayList<>();
    for (byte[] message : messages) {
      opened.forEach(connection -> requests.add(new Request(connection, message)));
    }
    return load.call(() -> load.use(requests, connections));
  }

  private String disconnect() throws Exception {
    for (Channel channel : channels) {
      channel.close().sync();
    }
    channels.clear();
    return load.call(() -> load.use(List.of(), 0));
  }

  public static void main(String[] args) throws Exception {
    Workload workload = new Workload(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
    Generator generator = new Generator(workload, Integer.parseInt(args[2]));
    Commands.serve(generator::answer);
    generator.loops.shutdownGracefully().sync();
  }
}
