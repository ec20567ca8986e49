/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many bytes the threads of a JVM have allocated on the heap.
 *
 * <p>It asks for {@code Thread.print -e} over the JVM's attach socket, which costs the JVM a safe
 * point of a millisecond. The management agent would tell it too, but it loads some ten megabytes
 * of classes and threads into what is being measured.
 */
final class HeapAllocation {

  private static final String REQUEST = "1\0jcmd\0Thread.print -e\0\0\0";
  private static final Pattern ALLOCATED = Pattern.compile(" allocated=(\\d+)([BKMG]?) ");

  private final Path socket;

  private HeapAllocation(Path socket) {
    this.socket = socket;
  }

  /** Makes a JVM of the same user listen. */
  static HeapAllocation of(long pid) throws IOException {
    try {
      VirtualMachine.attach(Long.toString(pid)).detach();
    } catch (AttachNotSupportedException e) {
      throw new IOException("cannot ask process " + pid + " what it has allocated", e);
    }
    return new HeapAllocation(Path.of("/proc", Long.toString(pid), "root/tmp/.java_pid" + pid));
  }

  /** Returns the bytes of all living threads, to a megabyte or a hundredth for each thread. */
  long bytes() throws IOException {
    String dump;
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      channel.write(ByteBuffer.wrap(REQUEST.getBytes(StandardCharsets.US_ASCII)));
      dump = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
    }
    long sum = 0;
    Matcher threads = ALLOCATED.matcher(dump);
    while (threads.find()) {
      sum += Long.parseLong(threads.group(1)) * unit(threads.group(2));
    }
    return sum;
  }

  private static long unit(String letter) {
    return switch (letter) {
      case "K" -> 1L << 10;
      case "M" -> 1L << 20;
      case "G" -> 1L << 30;
      default -> 1;
    };
  }
}
