/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.net;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.NettyRuntime;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A share of the process's event loops: one thread a core, native epoll where the platform has it.
 *
 * <p>Servers and exporters use the same loops, so that a batch that arrives on one leaves on the
 * same: no hand-off between threads. The threads start with the first share and end with the last.
 * Safe for use by any thread.
 */
@ThreadSafe
public final class EventLoops implements AutoCloseable {
  private static final Object LOCK = new Object();

  @GuardedBy("LOCK")
  private static @Nullable EventLoopGroup shared;

  @GuardedBy("LOCK")
  private static int shares;

  private static final AtomicInteger NEXT = new AtomicInteger();

  @SuppressWarnings("Immutable") // a group of event loops is safe for use by any thread
  private final EventLoopGroup group;

  @SuppressWarnings("Immutable") // never changed after the constructor
  private final List<EventLoop> loops;

  private final AtomicBoolean closed = new AtomicBoolean();

  private EventLoops(EventLoopGroup group) {
    this.group = group;
    List<EventLoop> all = new ArrayList<>();
    for (EventExecutor loop : group) {
      all.add((EventLoop) loop);
    }
    this.loops = List.copyOf(all);
  }

  /** A share, to be closed by its owner. */
  public static EventLoops acquire() {
    synchronized (LOCK) {
      EventLoopGroup group = shared;
      if (group == null) {
        group = newGroup();
        shared = group;
      }
      shares++;
      return new EventLoops(group);
    }
  }

  private static EventLoopGroup newGroup() {
    int threads = NettyRuntime.availableProcessors();
    ThreadFactory factory = new DefaultThreadFactory("otlp-io", true);
    return Epoll.isAvailable()
        ? new EpollEventLoopGroup(threads, factory)
        : new NioEventLoopGroup(threads, factory);
  }

  public EventLoopGroup group() {
    return group;
  }

  /** The event loops; the index of one is stable. */
  public List<EventLoop> loops() {
    return loops;
  }

  /**
   * The index of the event loop that runs the calling thread; the loops in turn for other threads.
   */
  public int nearest() {
    for (int i = 0; i < loops.size(); i++) {
      if (loops.get(i).inEventLoop()) {
        return i;
      }
    }
    return Math.floorMod(NEXT.getAndIncrement(), loops.size());
  }

  public Class<? extends Channel> socketType() {
    return epoll() ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  public Class<? extends ServerChannel> serverSocketType() {
    return epoll() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  /** Whether these loops run on native epoll, and not on the JDK's selectors. */
  public boolean epoll() {
    return group instanceof EpollEventLoopGroup;
  }

  /** Gives the share back. The last one ends the threads, without waiting for them. */
  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for the threads to end
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    synchronized (LOCK) {
      if (--shares == 0) {
        shared = null;
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS);
      }
    }
  }
}
